import { join } from "node:path";
import type { App } from "cdktf";
import type { Alarm } from "../config/alarm";
import { alarmRegions } from "../config/alarm-regions";
import { apiLogRegions } from "../config/api-log-regions";
import { planRoads, type Relayed, resolveRelay } from "../config/roads";
import { type AzureNetwork, type Connection, type OracleNetwork, type Site, stackName } from "../config/site";
import { alarmsStackName, apiLogsStackName, awsAlarmsStackName, relayStackName } from "../config/stack-names";
import { AwsAlarmsStack } from "./alarms-aws-stack";
import { AzureAlarmsStack } from "./alarms-azure-stack";
import { OracleAlarmsStack } from "./alarms-oracle-stack";
import { ApiLogsStack } from "./api-logs-stack";
import type { StackBackend } from "./providers";
import { AwsRelayStack } from "./relay-aws-stack";
import { OracleRelayStack } from "./relay-oracle-stack";
import type { SiteStack } from "./site-stack";

export interface CommonProps {
  readonly site: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/**
 * The stacks of all roads of alarms: a relay each, then what forwards to them.
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
    site.relays.map((relay): [string, SiteStack] => {
      const relayed = resolveRelay(site, relay);
      const stack = addRelay(app, site, relayed, common, code);
      const logs = relayed.network.provider === "aws" ? apiLogs.get(relayed.network.region) : undefined;
      if (logs) stack.addDependency(logs);
      // It finds the network by its name.
      stack.addDependency(app.node.findChild(stackName(relayed.network)) as SiteStack);
      return [relay.key, stack];
    }),
  );
  const relayStacks = Object.fromEntries([...relays.keys()].map((key) => [key, relayStackName(key)]));
  const { alarms } = site;
  const afterRelays = (stack: SiteStack, from: readonly Alarm[]) => {
    for (const { relay } of from) {
      const carrier = relay && relays.get(relay);
      if (carrier) stack.addDependency(carrier);
    }
  };
  for (const [region, keys] of alarmRegions(site)) {
    const here = alarms.filter(({ key }) => keys.includes(key));
    const stack = new AwsAlarmsStack(app, awsAlarmsStackName(region), {
      ...common,
      region,
      alarms: here,
      relayStacks,
      forwarderCode: code("alarm-forwarder"),
    });
    afterRelays(stack, here);
  }
  for (const network of site.networks) {
    if (network.provider !== "oracle" && network.provider !== "azure") continue;
    const connections = site.connections.filter((connection) => connection.network === network);
    const here = alarms.filter(({ watch }) => connections.some(({ key }) => watch.includes(key)));
    const stack = addNetworkAlarms(app, network, { ...common, connections, alarms: here, relayStacks });
    if (!stack) continue;
    afterRelays(stack, here);
    // It finds the network's topics, or its gateway, by their names.
    stack.addDependency(app.node.findChild(stackName(network)) as SiteStack);
  }
}

interface NetworkAlarmsProps extends CommonProps {
  readonly connections: readonly Connection[];
  readonly alarms: readonly Alarm[];
  readonly relayStacks: Readonly<Record<string, string>>;
}

/** On Oracle Cloud what watches, and tells by e-mail, lies in the network's own stack; on Azure it can't. */
function addNetworkAlarms(
  app: App,
  network: OracleNetwork | AzureNetwork,
  { connections, ...props }: NetworkAlarmsProps,
): SiteStack | undefined {
  const name = alarmsStackName(network.provider, network.key);
  const relayed = props.alarms.filter(({ relay }) => relay !== undefined);
  switch (network.provider) {
    case "oracle":
      return relayed.length === 0
        ? undefined
        : new OracleAlarmsStack(app, name, { ...props, network, alarms: relayed });
    case "azure":
      return props.alarms.length === 0
        ? undefined
        : new AzureAlarmsStack(app, name, { ...props, network, connections });
  }
}

function addRelay(
  app: App,
  site: Site,
  { relay, network, carrier, chat }: Relayed,
  common: CommonProps,
  code: (name: string) => string,
): SiteStack {
  const name = relayStackName(relay.key);
  const heartbeats = planRoads(site)
    .filter(({ alarm }) => alarm.relay === relay.key && alarm.heartbeat)
    .map(({ alarm, start }) => ({ alarm: alarm.key, start }));
  const props = { ...common, relay, chat, alarms: site.alarms.filter((alarm) => alarm.relay === relay.key) };
  switch (network.provider) {
    case "aws":
      return new AwsRelayStack(app, name, {
        ...props,
        network,
        heartbeats,
        code: { authorizer: code("relay-authorizer"), notifier: code("chat-notifier") },
      });
    case "oracle":
      return new OracleRelayStack(app, name, { ...props, network, carrier, hasHeartbeat: heartbeats.length > 0 });
    case "azure":
      // The schema knows no such relay.
      throw new Error(`relays.${relay.key} stands on azure`);
  }
}
