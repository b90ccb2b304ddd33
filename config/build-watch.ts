import type { WatchInput } from "./schema/watches";
import { type AwsNetwork, type CloudNetwork, type Connection, stackName } from "./site";
import type { Key } from "./values/key";
import type { Watch } from "./watch";

/** A watch with its names resolved: by default its dashboard shows the connections that end in its network. */
export function toWatch(
  { agent, dashboard, network: networkId, connections: names, thresholds, ...rest }: WatchInput & { key: Key },
  networkOf: ReadonlyMap<string, CloudNetwork>,
  connections: readonly Connection[],
): Watch {
  const network = networkId === undefined ? undefined : (networkOf.get(networkId) as AwsNetwork);
  const isShown = ({ key, network: end }: Connection) => (names ? names.includes(key) : end === network);
  const orNone = (limit: number | "off") => (limit === "off" ? undefined : limit);
  return {
    ...rest,
    network: network && { key: network.key, vpcId: network.existing?.vpcId },
    region: rest.region ?? (network as AwsNetwork).region,
    hasAgent: agent ?? false,
    hasDashboard: dashboard,
    thresholds: {
      cpuPercent: orNone(thresholds.cpuPercent),
      memoryPercent: orNone(thresholds.memoryPercent),
      diskPercent: orNone(thresholds.diskPercent),
      networkMegabitsPerSecond: orNone(thresholds.networkMegabitsPerSecond),
      minutes: thresholds.minutes,
    },
    connections: connections.filter(isShown).map(({ key, controller, routing, network: end }) => ({
      key,
      controller: controller.key,
      routing,
      stack: stackName(end),
    })),
  };
}
