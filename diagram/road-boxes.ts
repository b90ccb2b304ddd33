import { sumDelays } from "../config/alarm-latency";
import { planRoads, type Road } from "../config/roads";
import type { Site } from "../config/site";

/** The road of one alarm from one place: what it watches there, and how it comes home. */
export interface RoadBox {
  readonly id: string;
  readonly kind: "alarm";
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly (readonly [label: string, value: string])[];
  /** Networks from which it begins. */
  readonly fromIds: readonly string[];
  /** Where its relay stands. */
  readonly relayNetworkId?: string;
}

/** A chat server, and the controllers that messages come home through; none where it stands on the Internet. */
export interface ChatBox {
  readonly id: string;
  readonly kind: "chat";
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly (readonly [label: string, value: string])[];
  readonly controllerIds: readonly string[];
}

export function planRoadBoxes(site: Site): readonly RoadBox[] {
  return planRoads(site).map((road) => ({
    id: `road ${road.alarm.key} ${road.start}`,
    kind: "alarm",
    title: `alarm ${road.alarm.key}`,
    subtitle: `from ${road.start}`,
    rows: rowsOf(road),
    fromIds: [...new Set(road.watched.map(({ network }) => network.id))],
    relayNetworkId: road.relayed?.network.id,
  }));
}

function rowsOf({ watched, relayed, alarm, delays }: Road): RoadBox["rows"] {
  const { leastMinutes, mostMinutes } = sumDelays(delays);
  return [
    ...watched.map(({ key }) => ["watches", key] as const),
    ...(relayed
      ? ([
          ["relay", `${relayed.relay.key} · ${relayed.network.id}`],
          ["home by", relayed.carrier.key],
          ["chat", relayed.chat.key],
        ] as const)
      : []),
    ["e-mails", String(alarm.emails.length)],
    ...(delays.length > 0 ? [["told after", `${leastMinutes}–${mostMinutes} min`] as const] : []),
  ];
}

/** Only those that an alarm reaches. */
export function planChatBoxes(site: Site): readonly ChatBox[] {
  const reached = planRoads(site).flatMap(({ relayed }) => relayed ?? []);
  return site.chats
    .map((chat) => ({ chat, by: reached.filter((one) => one.chat === chat) }))
    .filter(({ by }) => by.length > 0)
    .map(({ chat, by }) => ({
      id: `chat ${chat.key}`,
      kind: "chat",
      title: `chat ${chat.key}`,
      subtitle: chat.type,
      rows: [["stands at", chat.address === undefined ? "the Internet" : `${chat.address}:${chat.port}`]],
      controllerIds:
        chat.address === undefined ? [] : [...new Set(by.map(({ carrier }) => `controller ${carrier.controller.key}`))],
    }));
}
