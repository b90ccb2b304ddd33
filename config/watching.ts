import type { Cloud } from "./proposals";
import type { Connection, Site } from "./site";
import type { Key } from "./values/key";

/** Who would notice that a connection's tunnels have fallen, and by what. */
export interface Watching {
  readonly connection: Connection;
  /** Keys of the alarms that watch it; none: it is not watched. */
  readonly alarms: readonly Key[];
  readonly signal: string;
}

/** @see https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-cloudwatch-vpn.html */
const AWS_SIGNAL = "AWS/VPN TunnelState";
/** @see https://docs.oracle.com/en-us/iaas/Content/Network/Reference/ipsecmetrics.htm */
const ORACLE_SIGNAL = "oci_vpn TunnelState, and its absence";
/** @see https://learn.microsoft.com/azure/vpn-gateway/monitor-vpn-gateway-reference (no metric of a tunnel's state) */
const AZURE_SIGNAL = "TunnelIngressBytes: no traffic";

const SIGNALS: Readonly<Record<Cloud, string>> = { aws: AWS_SIGNAL, oracle: ORACLE_SIGNAL, azure: AZURE_SIGNAL };

/** Every connection of a site, in the file's order. */
export function planWatching({ alarms, connections }: Site): Watching[] {
  return connections.map((connection) => ({
    connection,
    alarms: alarms.filter(({ watch }) => watch.includes(connection.key)).map(({ key }) => key),
    signal: SIGNALS[connection.cloud],
  }));
}
