import { ConfigError } from "../config/problems";
import { PROPOSALS } from "../config/proposals";
import { type Connection, type Controller, type Site, stackName, type Tunnel, tunnelName } from "../config/site";
import type { ConnectionFacts, TunnelFact } from "../config/tunnel-facts";
import { type Cidr, doesCidrContainAddress } from "../config/values/cidr";
import type { ConnectionPlan, ControllerPlan, TunnelDevice, TunnelPlan } from "./controller-plan";
import { DIALECTS } from "./dialect";
import { planPacketSize } from "./packet-size";
import { planBgp } from "./plan-bgp";
import { planConn } from "./plan-conn";
import { indexSite, type SiteIndex } from "./site-index";

/**
 * Decides everything about one controller's files.
 * @param facts by the connection's key, as the deployed stacks published them
 * @param index of the site; with many controllers make it once
 * @throws ConfigError if a connection of the controller has no facts
 */
export function planController(
  site: Site,
  controller: Controller,
  facts: ReadonlyMap<string, ConnectionFacts>,
  index: SiteIndex = indexSite(site),
): ControllerPlan {
  const own = index.connectionsOf.get(controller.key) ?? [];
  refuseMissingFacts(own, facts);
  const localPrefixes = [...new Set(controller.subnets)];
  const connections = own.map((connection) =>
    planConnection(connection, facts.get(connection.key) as ConnectionFacts, localPrefixes),
  );
  const hasAdvertisedPrivateIp = localPrefixes.some((prefix) => doesCidrContainAddress(prefix, controller.privateIp));
  const sourceIp = hasAdvertisedPrivateIp ? controller.privateIp : undefined;
  return {
    site: site.name,
    controller: controller.key,
    description: controller.description,
    libreswan: controller.libreswan,
    language: controller.language,
    asn: controller.asn,
    publicIp: controller.publicIp,
    privateIp: controller.privateIp,
    isBehindNat: controller.behindNat,
    sourceIp,
    localPrefixes,
    connections,
    bgp: planBgp({
      announcedTo: index.announcedTo,
      controller,
      sourceIp,
      localPrefixes,
      connections: own.map((connection, at) => ({ connection, tunnels: connections[at]?.tunnels ?? [] })),
    }),
  };
}

function refuseMissingFacts(connections: readonly Connection[], facts: ReadonlyMap<string, ConnectionFacts>): void {
  const problems = connections
    .filter(({ key }) => !facts.has(key))
    .map(({ key, network }) => ({
      path: ["connections", key],
      rule: "must be in the facts of a deployed stack",
      fix: `deploy ${stackName(network)} and give its outputs with --facts`,
    }));
  if (problems.length > 0) throw new ConfigError("facts", problems);
}

function planConnection(
  connection: Connection,
  facts: ConnectionFacts,
  localPrefixes: readonly Cidr[],
): ConnectionPlan {
  const plan = (tunnel: Tunnel): TunnelPlan =>
    planTunnel(connection, tunnel, facts.tunnels[tunnel.number], localPrefixes);
  return {
    key: connection.key,
    description: connection.description,
    network: connection.network.id,
    tunnels: [plan(connection.tunnels[0]), plan(connection.tunnels[1])],
  };
}

function planTunnel(
  connection: Connection,
  tunnel: Tunnel,
  fact: TunnelFact,
  localPrefixes: readonly Cidr[],
): TunnelPlan {
  const { cloud, controller, network, mode, routing, balance, probe } = connection;
  const device = mode === "route-based" ? planDevice(controller, tunnel, fact) : undefined;
  const remotePrefixes = [network.cidr];
  return {
    name: tunnelName(connection, tunnel),
    connection: connection.key,
    number: tunnel.number,
    cloud,
    mode,
    routing,
    balance,
    device,
    cloudAddress: fact.cloudAddress,
    probe,
    ...planPacketSize(cloud, PROPOSALS[cloud], controller.behindNat),
    localPrefixes,
    remotePrefixes,
    cloudAsn: routing === "bgp" ? network.asn : undefined,
    settings: planConn({
      controller,
      tunnel: tunnel.number,
      cloud,
      cloudAddress: fact.cloudAddress,
      device,
      localPrefixes,
      remotePrefixes,
    }),
    secret: { localId: controller.publicIp, remoteId: fact.cloudAddress, presharedKey: fact.presharedKey },
  };
}

function planDevice(controller: Controller, tunnel: Tunnel, fact: TunnelFact): TunnelDevice {
  return {
    name: `${DIALECTS[controller.libreswan].tunnelInterface.namePrefix}${tunnel.interfaceNumber}`,
    number: tunnel.interfaceNumber,
    controllerInsideAddress: fact.controllerInsideAddress,
    cloudInsideAddress: fact.cloudInsideAddress,
  };
}
