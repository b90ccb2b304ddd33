import type { AlarmEvent } from "../common/alarm-event";
import { cut } from "../common/json-reader";
import type { GatheredAlarm, Gathering } from "./burst";
import { neutralise, neutraliseLine, safeLink } from "./neutralise";
import { CLOUD_NAMES, type Texts } from "./texts";

/** A message before any server's own writing. Every text in it is neutral already; facts and headline are never cut. */
export interface ChatMessage {
  /** For servers that refuse a message twice. */
  readonly key: string;
  readonly tone: "bad" | "good" | "neutral";
  /** What it is about, where it has a name. */
  readonly about?: string;
  /** In our own words. */
  readonly headline: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** In the cloud's own words; cut where the server takes no more. */
  readonly text: string;
  readonly link?: { readonly name: string; readonly url: string };
  /** What belongs together, for servers with topics. */
  readonly topic: string;
  /** What it says where the text was cut. */
  readonly cutShort: string;
  /** For programs. */
  readonly events: readonly (AlarmEvent | GatheredAlarm)[];
}

/** What is known beside the message itself. */
export interface Background {
  /** ISO 8601. */
  readonly since?: string;
  /** Outside addresses of the connection's tunnels that are down now. */
  readonly down: readonly string[];
}

const NAME_CHARACTERS = 120;

export function renderAlarm(event: AlarmEvent, background: Background, texts: Texts): ChatMessage {
  const { label, occurredAt, status } = event;
  const since = status === "resolved" ? background.since : (background.since ?? occurredAt);
  const minutes =
    status === "resolved" && since && occurredAt
      ? Math.max(0, Math.round((Date.parse(occurredAt) - Date.parse(since)) / 60_000))
      : undefined;
  const up = Object.keys(label?.tunnels ?? {}).filter((address) => !background.down.includes(address));
  const isAboutTunnels = label?.kind === "any-down" || label?.kind === "all-down";
  const ended = status === "resolved" && occurredAt ? texts.time(occurredAt) : undefined;
  const url = safeLink(event.link);
  return {
    key: event.idempotencyKey,
    tone: status === "firing" ? "bad" : status === "resolved" ? "good" : "neutral",
    ...headline(event, texts),
    facts: facts([
      [texts.site, label?.site],
      [texts.down, isAboutTunnels ? tunnelNames(background.down, event, texts) : undefined],
      [texts.up, isAboutTunnels ? tunnelNames(up, event, texts) : undefined],
      [texts.since, since && texts.time(since)],
      [texts.ended, ended && minutes !== undefined ? `${ended} (${texts.lasted(minutes)})` : ended],
      [texts.severity, event.severity],
      [texts.seenBy, CLOUD_NAMES[event.source]],
    ]),
    text: neutralise(event.summary).trim(),
    ...(url ? { link: { name: texts.console, url } } : {}),
    topic: name(label?.connection ?? label?.subject ?? event.title),
    cutShort: texts.cutShort,
    events: [event],
  };
}

export function renderGathering(gathering: Gathering, texts: Texts): ChatMessage {
  const { entries, count, key } = gathering;
  const states = new Map<string, Set<string>>();
  for (const entry of entries) {
    const about = entry.connection ?? entry.title;
    const said = stateOf(entry, texts) + (entry.excerpt ? ` (${neutraliseLine(entry.excerpt)})` : "");
    states.set(about, (states.get(about) ?? new Set()).add(said));
  }
  const lines = [...states].map(([about, said]) => `${name(about)}: ${[...said].join(", ")}`);
  const unnamed = count - entries.length;
  const is = (status: AlarmEvent["status"]) => (entry: GatheredAlarm) => entry.status === status;
  const sources = [...new Set(entries.map(({ source }) => CLOUD_NAMES[source]))];
  const times = entries.flatMap(({ occurredAt }) => occurredAt ?? []).sort();
  return {
    key,
    tone: entries.some(is("firing")) ? "bad" : entries.every(is("resolved")) ? "good" : "neutral",
    headline: texts.gathered(count),
    facts: facts([
      [texts.first, times[0] && texts.time(times[0])],
      [texts.seenBy, sources.join(", ")],
    ]),
    text: [...lines, ...(unnamed > 0 ? [texts.more(unnamed)] : [])].join("\n"),
    topic: "kakehashi",
    cutShort: texts.cutShort,
    events: entries,
  };
}

function headline(event: AlarmEvent, texts: Texts): { readonly about?: string; readonly headline: string } {
  const { label, status } = event;
  const drill = event.isDrill ? `[${texts.drill}] ` : "";
  if (event.isUnreadable) return { headline: `${drill}${texts.unreadable}` };
  if (event.isHeartbeat) return { headline: `${drill}${texts.roadWorks}` };
  if (label?.kind === "heartbeat") {
    return { headline: `${drill}${status === "firing" ? texts.roadBroken : texts.roadMended}` };
  }
  const repeat = event.isRepeat ? `${texts.repeat}: ` : "";
  return {
    about: name(label?.connection ?? label?.subject ?? event.title),
    headline: `${drill}${repeat}${stateOf({ status, kind: label?.kind }, texts)}`,
  };
}

function stateOf(of: { readonly status: AlarmEvent["status"]; readonly kind?: string }, texts: Texts): string {
  const kind = of.kind === "any-down" || of.kind === "all-down" || of.kind === "absent" ? of.kind : "other";
  return of.status === "unknown" ? texts.unknown : texts[of.status][kind];
}

function tunnelNames(addresses: readonly string[], event: AlarmEvent, texts: Texts): string | undefined {
  if (addresses.length === 0) return undefined;
  return addresses.map((address) => texts.tunnel(event.label?.tunnels?.[address], name(address))).join(", ");
}

function facts(pairs: readonly (readonly [string, string | undefined])[]): ChatMessage["facts"] {
  return pairs.flatMap(([fact, value]) => (value ? [{ name: fact, value: cut(neutraliseLine(value), 300) }] : []));
}

function name(text: string): string {
  return cut(neutraliseLine(text), NAME_CHARACTERS);
}
