import { type Cloud, PROPOSALS } from "../config/proposals";
import type { Controller } from "../config/site";
import { TUNNEL_PARAMETERS } from "../config/tunnel-parameters";
import type { Cidr } from "../config/values/cidr";
import type { IpAddress } from "../config/values/ip-address";
import type { TunnelDevice } from "./controller-plan";
import { DIALECTS, type Dialect, type Keyword } from "./dialect";
import { toEspProposals, toIkeProposals } from "./libreswan-proposal";

interface ConnInput {
  readonly controller: Controller;
  readonly tunnel: 1 | 2;
  readonly cloud: Cloud;
  readonly cloudAddress: IpAddress;
  /** Missing for a policy-based tunnel. */
  readonly device?: TunnelDevice;
  readonly localPrefixes: readonly Cidr[];
  readonly remotePrefixes: readonly Cidr[];
}

/**
 * The lines of one `conn`, complete: nothing is left to a `conn %default` that the machine's own files may hold. Two lines
 * are never among them for a tunnel of 0.0.0.0/0, `mtu=` and `leftsourceip=`: with either of them pluto's updown script
 * routes 0.0.0.0/1 and 128.0.0.0/1 into the tunnel, and the controller's default route is gone.
 * @see https://libreswan.org/man/ipsec.conf.5.html
 */
export function planConn(input: ConnInput): readonly Keyword[] {
  const dialect = DIALECTS[input.controller.libreswan];
  return [
    ...ends(input),
    ...selectors(input, dialect),
    ...proposals(input.cloud, dialect),
    ...times(input.cloud, dialect),
    ...start(input),
  ];
}

function ends({ controller, cloudAddress }: ConnInput): Keyword[] {
  return [
    ["type", "tunnel"],
    ["authby", "secret"],
    // An address here would hide the gateway from pluto: it then installs the peer's route without one, and nothing arrives.
    ["left", "%defaultroute"],
    ["leftid", controller.publicIp],
    ["right", cloudAddress],
    ["rightid", cloudAddress],
    ["encapsulation", controller.behindNat ? "yes" : "auto"],
  ];
}

/** Route-based: everything may pass, and routes decide. The mark keeps the twin's policies apart: without it only one of two comes up. */
function selectors({ device, localPrefixes, remotePrefixes }: ConnInput, dialect: Dialect): Keyword[] {
  if (!device) {
    const [[local, ...moreLocal], [remote, ...moreRemote]] = [localPrefixes, remotePrefixes];
    if (!local || !remote || moreLocal.length + moreRemote.length > 0) {
      throw new Error(
        `a policy-based tunnel has one prefix pair, not ${localPrefixes.length} and ${remotePrefixes.length}`,
      );
    }
    return [
      ["leftsubnet", local],
      ["rightsubnet", remote],
    ];
  }
  return [
    ["leftsubnet", "0.0.0.0/0"],
    ["rightsubnet", "0.0.0.0/0"],
    ...dialect.tunnelInterface.settings.map(
      ([key, value]): Keyword => [key, value.replace("%n", String(device.number))],
    ),
    // The mask is written out: without it every version before 5.2 refuses the connection.
    ["mark", `${device.number}/0xffffffff`],
  ];
}

function proposals(cloud: Cloud, dialect: Dialect): Keyword[] {
  return [
    dialect.ikev2,
    ["ike", toIkeProposals(PROPOSALS[cloud])],
    ["esp", toEspProposals(PROPOSALS[cloud])],
    ["pfs", "yes"],
  ];
}

function times(cloud: Cloud, dialect: Dialect): Keyword[] {
  const parameters = TUNNEL_PARAMETERS[cloud];
  return [
    ["ikelifetime", `${parameters.ikeLifetimeSeconds}s`],
    [dialect.childLifetimeKey, `${parameters.childLifetimeSeconds}s`],
    ["rekey", "yes"],
    ["rekeymargin", `${parameters.controllerRekeyMarginSeconds}s`],
    ["rekeyfuzz", `${parameters.controllerRekeyFuzzPercent}%`],
    ["dpddelay", `${parameters.controllerDpdDelaySeconds}s`],
    ...(dialect.needsDpdTimeout ? [["dpdtimeout", `${parameters.controllerDpdTimeoutSeconds}s`] as const] : []),
    // With IKEv2 this, and not dpdtimeout=, says how long an unanswered sign of life is waited for.
    ["retransmit-timeout", `${parameters.controllerDpdTimeoutSeconds}s`],
    // From 5.0 on a connection that was started revives by itself, and 5.2 says of `keyingtries=` at each load that it is ignored.
    ...(dialect.deadPeerAction ? [dialect.deadPeerAction, ["keyingtries", "%forever"] as const] : []),
  ];
}

/** Of two policy-based twins only one can be up: the kernel has one policy for a prefix pair. The watcher starts the other. */
function start({ device, tunnel }: ConnInput): Keyword[] {
  return [["auto", device || tunnel === 1 ? "start" : "add"]];
}
