import type { Alarm, Chat, Relay } from "./alarm";
import { type Delay, detectionDelays, relayDelay } from "./alarm-latency";
import { alarmRegions } from "./alarm-regions";
import type { Cloud } from "./proposals";
import { type CloudNetwork, type Connection, isCloudNetwork, type Site } from "./site";

/** The way of one alarm from the place where it begins to those that it tells. */
export interface Road {
  readonly alarm: Alarm;
  readonly cloud: Cloud;
  /** Where it begins: `aws ap-northeast-1`, or a network's id. */
  readonly start: string;
  /** Connections that are watched from there; none where only other sections name the alarm. */
  readonly watched: readonly Connection[];
  readonly relayed?: Relayed;
  /** For watched tunnels. */
  readonly delays: readonly Delay[];
}

export interface Relayed {
  readonly relay: Relay;
  readonly network: CloudNetwork;
  /** What carries the message home. */
  readonly carrier: Connection;
  readonly chat: Chat;
}

/** What a heartbeat is called, `noc:azure/japan`: an alarm that begins in two places has two roads, and either can break. */
export function roadName(alarm: string, start: string): string {
  return `${alarm}:${start.replace(" ", "/")}`;
}

/** Every road of a site, in the order of the file's alarms; one for each place where an alarm begins. */
export function planRoads(site: Site): Road[] {
  const regions = alarmRegions(site);
  return site.alarms.flatMap((alarm) => {
    const relayed = relayedBy(site, alarm);
    const watched = site.connections.filter(({ key }) => alarm.watch.includes(key));
    const toRoad = (cloud: Cloud, start: string, from: readonly Connection[]): Road => ({
      alarm,
      cloud,
      start,
      watched: from,
      relayed,
      delays:
        from.length === 0
          ? []
          : [
              ...detectionDelays(cloud, alarm.pendingMinutes),
              ...(relayed ? [relayDelay(relayed.network.provider)] : []),
            ],
    });
    return [
      ...[...regions].flatMap(([region, alarms]) =>
        alarms.includes(alarm.key)
          ? [
              toRoad(
                "aws",
                awsStart(region),
                watched.filter((one) => isInRegion(one, region)),
              ),
            ]
          : [],
      ),
      ...site.networks
        .filter(isCloudNetwork)
        .filter(({ provider }) => provider !== "aws")
        .map((network) => ({ network, from: watched.filter((one) => one.network === network) }))
        .filter(({ from }) => from.length > 0)
        .map(({ network, from }) => toRoad(network.provider, network.id, from)),
    ];
  });
}

/** Where roads of an AWS region begin. */
export function awsStart(region: string): string {
  return `aws ${region}`;
}

function isInRegion({ network }: Connection, region: string): boolean {
  return network.provider === "aws" && network.region === region;
}

/** What carries an alarm home, where anything does. */
export function relayedBy(site: Site, alarm: Alarm): Relayed | undefined {
  const relay = site.relays.find(({ key }) => key === alarm.relay);
  return relay && resolveRelay(site, relay);
}

export function resolveRelay(site: Site, relay: Relay): Relayed {
  const carrier = site.connections.find(({ key }) => key === relay.connection);
  const chat = site.chats.find(({ key }) => key === relay.chat);
  // The rules have refused a file in which one of them is missing.
  if (!carrier || !chat) throw new Error(`relays.${relay.key} names what is not there`);
  return { relay, network: carrier.network, carrier, chat };
}
