import { sumDelays } from "../config/alarm-latency";
import { planRoads, type Road } from "../config/roads";
import type { Site } from "../config/site";
import { planWatching } from "../config/watching";
import { renderTable } from "./table";

/** Each alarm's road and how long a fallen tunnel waits to be told. */
export function roadTable(site: Site): string {
  const rows = planRoads(site).map((road) => [
    road.alarm.key,
    road.start,
    road.watched.map(({ key }) => key).join(" ") || "(other sections)",
    road.relayed ? `${road.relayed.relay.key} (${road.relayed.network.id})` : "–",
    road.relayed ? `${road.relayed.carrier.key} → ${road.relayed.carrier.controller.key}` : "–",
    road.relayed?.chat.key ?? "–",
    String(road.alarm.emails.length),
    latencyOf(road),
  ]);
  return renderTable([["alarm", "begins in", "watches", "relay", "home by", "chat", "e-mails", "told after"], ...rows]);
}

/** What the time until an alarm is told is made of, in minutes: a line a road. */
export function delayLines(site: Site): string[] {
  return planRoads(site)
    .filter(({ delays }) => delays.length > 0)
    .map(({ alarm, start, delays }) => {
      const causes = delays.map(({ what, ...minutes }) => `${what} ${span(minutes)}`);
      return `  ${alarm.key} from ${start}: ${causes.join(" + ")}`;
    });
}

/** Who notices that a connection's tunnels have fallen, connection by connection. */
export function watchTable(site: Site): string {
  const rows = planWatching(site).map(({ connection, alarms, signal }) =>
    alarms.length === 0 ? [connection.key, "nobody", "–"] : [connection.key, alarms.join(" "), signal],
  );
  return renderTable([["connection", "watched by", "by what"], ...rows]);
}

/** The same for programs. */
export function watchingJson(site: Site): object[] {
  return planWatching(site).map(({ connection, alarms, signal }) => ({
    connection: connection.key,
    alarms,
    ...(alarms.length > 0 && { signal }),
  }));
}

function latencyOf({ delays }: Road): string {
  return delays.length === 0 ? "–" : `${span(sumDelays(delays))} min`;
}

function span({ leastMinutes, mostMinutes }: { leastMinutes: number; mostMinutes: number }): string {
  return leastMinutes === mostMinutes ? String(leastMinutes) : `${leastMinutes}–${mostMinutes}`;
}

/** The same for programs. */
export function roadsJson(site: Site): object[] {
  return planRoads(site).map(({ alarm, cloud, start, watched, relayed, delays }) => ({
    alarm: alarm.key,
    cloud,
    start,
    watches: watched.map(({ key }) => key),
    emails: alarm.emails.length,
    ...(relayed && {
      relay: relayed.relay.key,
      network: relayed.network.id,
      connection: relayed.carrier.key,
      controller: relayed.carrier.controller.key,
      chat: relayed.chat.key,
    }),
    ...(delays.length > 0 && { ...sumDelays(delays), delays }),
  }));
}
