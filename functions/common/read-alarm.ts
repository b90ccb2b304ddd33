import { type AlarmEvent, EVENT_LIMITS, readNeutralEvent, SEVERITIES } from "./alarm-event";
import { queueKey } from "./alarm-identity";
import { alarmLabel } from "./alarm-label";
import type { Reading } from "./alarm-reading";
import { cut, field, parseJson } from "./json-reader";
import { readAzureAlarm } from "./read-azure-alarm";
import { readCloudWatchAlarm, readEventBridgeAlarm } from "./read-cloudwatch-alarm";
import { readOciAlarm } from "./read-oci-alarm";
import type { AlarmSource } from "./relay-contract";

export interface AlarmHints {
  /** The cloud's own name for this delivery, the same in each of its retries. */
  readonly messageId?: string;
  /** ISO 8601; for what carries no time of its own. */
  readonly receivedAt: string;
}

const READERS = [readOciAlarm, readCloudWatchAlarm, readEventBridgeAlarm, readAzureAlarm, readLabelAlone];

/** How much of a message that can't be read is shown to a person. */
const EXCERPT = 600;

/**
 * One alarm from whatever a cloud posts. Never throws and never drops: what can't be read becomes an event that says so and
 * carries the beginning of the text.
 */
export function readAlarm(source: AlarmSource, text: string, hints: AlarmHints): AlarmEvent {
  const payload = parseJson(text);
  const neutral = readNeutralEvent(payload);
  if (neutral) return neutral;
  const reading = READERS.map((read) => read(payload)).find((found) => found !== undefined);
  return reading ? toEvent(source, reading, payload, hints) : unreadable(source, text, hints);
}

function toEvent(source: AlarmSource, reading: Reading, payload: unknown, hints: AlarmHints): AlarmEvent {
  const severity = SEVERITIES.find((known) => known === reading.severity);
  const link = reading.link;
  return {
    kakehashiAlarm: 1,
    source,
    status: reading.status,
    alarm: queueKey(source, reading.identity),
    idempotencyKey: queueKey(source, hints.messageId ?? (reading.change || hints.receivedAt)),
    title: cut(reading.title ?? "alarm", EVENT_LIMITS.title),
    summary: cut(reading.summary, EVENT_LIMITS.summary),
    ...(severity ? { severity } : {}),
    occurredAt: reading.occurredAt ?? hints.receivedAt,
    ...(reading.isRepeat ? { isRepeat: true } : {}),
    ...(reading.isHeartbeat ? { isHeartbeat: true } : {}),
    ...(field(payload, "kakehashiDrill") === true ? { isDrill: true } : {}),
    ...(isSmall(reading.label) ? { label: reading.label } : {}),
    tunnelAddresses: [...new Set(reading.tunnelAddresses.filter((address) => address.length <= 64))].slice(
      0,
      EVENT_LIMITS.tunnels,
    ),
    ...(link && link.length <= EVENT_LIMITS.link && link.startsWith("https://") ? { link } : {}),
  };
}

/** Our own labels are a few hundred bytes; a larger one is a stranger's. */
function isSmall(label: Reading["label"]): boolean {
  return label !== undefined && JSON.stringify(label).length <= 8192;
}

/** A label by itself, as a schedule sends it for the heartbeat. */
function readLabelAlone(payload: unknown): Reading | undefined {
  const { data: label } = alarmLabel.safeParse(payload);
  if (!label) return undefined;
  return {
    status: label.kind === "heartbeat" ? "resolved" : "unknown",
    title: label.kind,
    summary: "",
    label,
    isHeartbeat: label.kind === "heartbeat",
    identity: [label.site, label.kind, label.connection ?? label.subject ?? ""].join(":"),
    change: "",
    severity: "info",
    occurredAt: undefined,
    tunnelAddresses: [],
    link: undefined,
  };
}

function unreadable(source: AlarmSource, text: string, hints: AlarmHints): AlarmEvent {
  return {
    kakehashiAlarm: 1,
    source,
    status: "unknown",
    alarm: queueKey(source, "unreadable"),
    idempotencyKey: queueKey(source, "unreadable", hints.messageId ?? text),
    title: "unreadable alarm",
    summary: cut(text, EXCERPT),
    occurredAt: hints.receivedAt,
    isUnreadable: true,
    tunnelAddresses: [],
  };
}
