import type { Site } from "./site";
import type { Key } from "./values/key";

/** Something in an AWS region tells an alarm: the road begins there. */
export interface AlarmUse {
  readonly alarm: Key;
  readonly region: string;
}

/** Each section says where it names a road. */
const SECTIONS: readonly ((site: Site) => readonly AlarmUse[])[] = [
  watchedTunnels,
  watchedInstances,
  appliances,
  notifiers,
  accountAlarms,
  activationApis,
];

/** AWS regions in which a topic stands at the start of a road, with the roads that begin there; both in a steady order. */
export function alarmRegions(site: Site): ReadonlyMap<string, readonly Key[]> {
  const uses = SECTIONS.flatMap((section) => section(site));
  const regions = [...new Set(uses.map(({ region }) => region))].sort();
  return new Map(
    regions.map((region) => [
      region,
      [...new Set(uses.filter((use) => use.region === region).map(({ alarm }) => alarm))].sort(),
    ]),
  );
}

function watchedTunnels({ alarms, connections }: Site): AlarmUse[] {
  return alarms.flatMap(({ key, watch }) =>
    connections.flatMap(({ key: connection, network }) =>
      network.provider === "aws" && watch.includes(connection) ? [{ alarm: key, region: network.region }] : [],
    ),
  );
}

function watchedInstances({ watches }: Site): AlarmUse[] {
  return watches.flatMap(({ alarm, region }) => (alarm === undefined ? [] : [{ alarm, region }]));
}

function appliances(site: Site): AlarmUse[] {
  return site.appliances.flatMap(({ alarm, region }) => (alarm ? [{ alarm, region }] : []));
}

function notifiers(site: Site): AlarmUse[] {
  return site.notifiers.flatMap(({ alarm, region }) => (alarm ? [{ alarm, region }] : []));
}

function accountAlarms({ accounts }: Site): AlarmUse[] {
  return accounts.flatMap(({ alarm, region }) => (alarm === undefined ? [] : [{ alarm, region }]));
}

function activationApis({ activations }: Site): AlarmUse[] {
  return activations.flatMap(({ alarm, region }) => (alarm === undefined ? [] : [{ alarm, region }]));
}
