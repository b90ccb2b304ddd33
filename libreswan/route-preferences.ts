import type { Cloud } from "../config/proposals";
import type { Connection } from "../config/site";

/** How one tunnel's BGP routes are preferred or put back, in both directions. */
export interface RoutePreference {
  /** The higher is preferred for what leaves the site. The cloud doesn't see it. */
  readonly localPreference?: number;
  /** Added to the MED that the cloud sends, so that of two equal tunnels one is always the same. */
  readonly metricOffset?: number;
  /** How often the site's own ASN stands in front of the path: the shorter path is preferred for what leaves the cloud. */
  readonly prependCount: number;
}

type TunnelPair = readonly [RoutePreference, RoutePreference];

const EQUAL: TunnelPair = [{ prependCount: 0 }, { prependCount: 0 }];
const TUNNEL_1_FIRST: TunnelPair = [
  { localPreference: 200, prependCount: 0 },
  { localPreference: 100, prependCount: 2 },
];

/**
 * Active-standby. AWS chooses the tunnel itself and says so by the MED that it sends; it advises against prepending, which
 * would hide that choice while it works on an endpoint, so the controller follows it and only settles a tie. OCI and Azure
 * take the shorter AS path; neither documents MED.
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Tasks/managingDRGs.htm
 * @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq
 */
const ACTIVE_STANDBY: Readonly<Record<Cloud, TunnelPair>> = {
  aws: [{ prependCount: 0 }, { metricOffset: 1, prependCount: 0 }],
  oracle: TUNNEL_1_FIRST,
  azure: TUNNEL_1_FIRST,
};

export function routePreferences({ cloud, balance }: Pick<Connection, "cloud" | "balance">): TunnelPair {
  return balance === "active-active" ? EQUAL : ACTIVE_STANDBY[cloud];
}
