import { join } from "node:path";
import type { App } from "cdktf";
import type { Alarm, Relay } from "../config/alarm";
import { alarmRegions } from "../config/alarm-regions";
import { apiLogRegions } from "../config/api-log-regions";
import { planRoads, resolveRelay } from "../config/roads";
import type { AwsNetwork, Site } from "../config/site";
import { alarmsStackName, apiLogsStackName, awsAlarmsStackName, relayStackName } from "../config/stack-names";
import { AwsAlarmsStack } from "./alarms-aws-stack";
import { OracleAlarmsStack } from "./alarms-oracle-stack";
import { ApiLogsStack } from "./api-logs-stack";
import type { StackBackend } from "./providers";
import { AwsRelayStack } from "./relay-aws-stack";
import type { SiteStack } from "./site-stack";

export interface CommonProps {
  readonly site: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/**
 * The stacks of all roads of alarms: a relay each, then what forwards to them. A relay on Oracle Cloud gets none yet: `check` says
 * so, and its alarms go by e-mail alone.
 *
 * @param functions where the bundles lie
 */
export function addRoadStacks(app: App, site: Site, common: CommonProps, functions: string): void {
  const code = (name: string) => join(functions, `${name}.zip`);
  const apiLogs = new Map(
    apiLogRegions(site).map((region) => [
      region,
      new ApiLogsStack(app, apiLogsStackName(region), { ...common, region }),
    ]),
  );
  const relays = new Map(
    site.relays.flatMap((relay) => {
      const { network } = resolveRelay(site, relay);
      if (network.provider !== "aws") return [];
      const stack = addAwsRelay(app, site, { relay, network }, common, code);
      const logs = apiLogs.get(network.region);
      if (logs) stack.addDependency(logs);
      return [[relay.key as string, stack]];
    }),
  );
  const isCarried = ({ relay }: Alarm): boolean => relay !== undefined && relays.has(relay);
  const relayStacks = Object.fromEntries([...relays.keys()].map((key) => [key, relayStackName(key)]));
  const forward = (stack: SiteStack, alarms: Site["alarms"]) => {
    for (const { relay } of alarms) {
      const carrier = relay === undefined ? undefined : relays.get(relay);
      if (carrier) stack.addDependency(carrier);
    }
  };
  for (const [region, keys] of alarmRegions(site)) {
    const alarms = site.alarms
      .filter(({ key }) => keys.includes(key))
      .map((alarm) => (isCarried(alarm) ? alarm : { ...alarm, relay: undefined }));
    const stack = new AwsAlarmsStack(app, awsAlarmsStackName(region), {
      ...common,
      region,
      alarms,
      relayStacks,
      forwarderCode: code("alarm-forwarder"),
    });
    forward(stack, alarms);
  }
  for (const network of site.networks) {
    if (network.provider !== "oracle") continue;
    const here = site.connections.filter((connection) => connection.network === network).map(({ key }) => key);
    const alarms = site.alarms.filter((alarm) => isCarried(alarm) && alarm.watch.some((key) => here.includes(key)));
    if (alarms.length === 0) continue;
    const stack = new OracleAlarmsStack(app, alarmsStackName("oracle", network.key), {
      ...common,
      network,
      alarms,
      relayStacks,
    });
    forward(stack, alarms);
  }
}

function addAwsRelay(
  app: App,
  site: Site,
  { relay, network }: { readonly relay: Relay; readonly network: AwsNetwork },
  common: CommonProps,
  code: (name: string) => string,
): SiteStack {
  return new AwsRelayStack(app, relayStackName(relay.key), {
    ...common,
    relay,
    network,
    chat: resolveRelay(site, relay).chat,
    alarms: site.alarms.filter((alarm) => alarm.relay === relay.key),
    heartbeats: planRoads(site)
      .filter(({ alarm, cloud }) => alarm.relay === relay.key && alarm.heartbeat && cloud === "aws")
      .map(({ alarm }) => alarm.key),
    code: { authorizer: code("relay-authorizer"), notifier: code("chat-notifier") },
  });
}
