import type { Connection, Controller } from "../config/site";
import { TUNNEL_PARAMETERS } from "../config/tunnel-parameters";
import { type Cidr, parseCidr, prefixLength, toRange } from "../config/values/cidr";
import { type IpAddress, toIpAddress } from "../config/values/ip-address";
import type { BgpNeighborPlan, BgpPlan, TunnelPlan } from "./controller-plan";
import { routePreferences } from "./route-preferences";
import type { SiteIndex } from "./site-index";

interface BgpInput {
  /** How many prefixes all controllers together announce to each network: its gateway's limit counts them all. */
  readonly announcedTo: SiteIndex["announcedTo"];
  readonly controller: Controller;
  readonly sourceIp?: IpAddress;
  readonly localPrefixes: readonly Cidr[];
  /** The controller's own, with what was planned of them. */
  readonly connections: readonly { readonly connection: Connection; readonly tunnels: readonly TunnelPlan[] }[];
}

/** How long FRR waits before it tries a session again. Its own 120 s would double many an outage. */
const CONNECT_RETRY_SECONDS = 5;

/** Over this many routes AWS closes the session. @see https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html */
const AWS_MAX_ROUTES = 100;
/** A prefix and its two halves. */
const ROUTES_PER_PREFIX = 3;

/** Decides the BGP side of a controller; undefined where no tunnel uses BGP. */
export function planBgp({
  announcedTo,
  controller,
  sourceIp,
  localPrefixes,
  connections,
}: BgpInput): BgpPlan | undefined {
  const overBgp = connections.filter(({ connection }) => connection.routing === "bgp");
  if (overBgp.length === 0) return undefined;
  return {
    asn: controller.asn,
    routerId: controller.privateIp,
    sourceIp,
    localPrefixes,
    halves: halvesOf(localPrefixes),
    maximumPaths: overBgp.some(({ connection }) => connection.balance === "active-active") ? 2 : 1,
    neighbors: overBgp.flatMap(({ connection, tunnels }) => {
      const routes = (announcedTo.get(connection.network.id)?.size ?? 0) * ROUTES_PER_PREFIX;
      const hasTakeoverHalves = connection.cloud !== "aws" || routes <= AWS_MAX_ROUTES;
      return tunnels.map((tunnel) => toNeighbor(connection, tunnel, hasTakeoverHalves));
    }),
  };
}

function toNeighbor(connection: Connection, tunnel: TunnelPlan, hasTakeoverHalves: boolean): BgpNeighborPlan {
  const parameters = TUNNEL_PARAMETERS[connection.cloud];
  if (!tunnel.device) throw new Error(`${tunnel.name} uses BGP without an interface`);
  return {
    tunnel: tunnel.name,
    connection: connection.key,
    address: tunnel.device.cloudInsideAddress,
    asn: connection.network.asn,
    updateSource: tunnel.device.controllerInsideAddress,
    keepaliveSeconds: parameters.bgpKeepaliveSeconds,
    holdSeconds: parameters.bgpHoldSeconds,
    connectRetrySeconds: CONNECT_RETRY_SECONDS,
    acceptedPrefix: connection.network.cidr,
    preference: routePreferences(connection)[tunnel.number === 1 ? 0 : 1],
    hasTakeoverHalves,
  };
}

/** A /32 has no halves. Prefixes inside one another share some: each stands once, and none that is announced anyway. */
function halvesOf(prefixes: readonly Cidr[]): Cidr[] {
  const halves = prefixes
    .filter((prefix) => prefixLength(prefix) < 32)
    .flatMap((prefix) => {
      const { first, last } = toRange(prefix);
      const length = prefixLength(prefix) + 1;
      return [first, (first + last + 1) / 2].map((start) => parseCidr(`${toIpAddress(start)}/${length}`));
    });
  return [...new Set(halves)].filter((half) => !prefixes.includes(half));
}
