import * as z from "zod";
import { queueKey } from "./alarm-identity";
import { type AlarmLabel, alarmLabel, heartbeatLabel } from "./alarm-label";
import { ALARM_SOURCES, type AlarmSource } from "./relay-contract";

export const SEVERITIES = ["critical", "error", "warning", "info"] as const;

export type Severity = (typeof SEVERITIES)[number];

/** Far below what the relay and the queue take: a message is bounded wherever it comes from. */
export const EVENT_LIMITS = { title: 256, summary: 4096, tunnels: 64, link: 1024 } as const;

const ip = z.string().max(64);

/**
 * One alarm, the same whichever cloud says it. It travels from the forwarder through the relay to the notifier.
 * Its texts are what a cloud, or a stranger, wrote: they are escaped where they are rendered, not here.
 */
export const alarmEvent = z.object({
  kakehashiAlarm: z.literal(1),
  source: z.enum(ALARM_SOURCES),
  /** `unknown`: the cloud has too little data to tell, or the message can't be read. */
  status: z.enum(["firing", "resolved", "unknown"]),
  /** The alarm's own identity; within it order is kept. */
  alarm: z.string().min(1).max(128),
  /** Names this message once and for all. */
  idempotencyKey: z.string().min(1).max(128),
  title: z.string().max(EVENT_LIMITS.title),
  summary: z.string().max(EVENT_LIMITS.summary),
  severity: z.enum(SEVERITIES).optional(),
  /** When the alarm changed, ISO 8601. */
  occurredAt: z.iso.datetime().optional(),
  /** Said again although nothing changed. */
  isRepeat: z.boolean().optional(),
  /** A drill: marked in the message, so that nobody gets up for it. */
  isDrill: z.boolean().optional(),
  /** The daily sign that the road itself works; no alarm. */
  isHeartbeat: z.boolean().optional(),
  /** The message could not be read: its text is in the summary. */
  isUnreadable: z.boolean().optional(),
  label: alarmLabel.optional(),
  /** Outside addresses of the tunnels that the message speaks of, where it says so. */
  tunnelAddresses: z.array(ip).max(EVENT_LIMITS.tunnels),
  /** Page of the alarm in the cloud's console; https only. */
  link: z
    .string()
    .max(EVENT_LIMITS.link)
    .regex(/^https:\/\//)
    .optional(),
});

export type AlarmEvent = z.infer<typeof alarmEvent>;

export type { AlarmLabel };

/** A heartbeat as a forwarder would write it, but for its idempotency key: each needs one of its own. */
export function heartbeatEvent(source: AlarmSource, site: string, road: string): Omit<AlarmEvent, "idempotencyKey"> {
  return {
    kakehashiAlarm: 1,
    source,
    status: "resolved",
    alarm: queueKey(source, "heartbeat", road),
    title: "heartbeat",
    summary: "",
    severity: "info",
    isHeartbeat: true,
    label: heartbeatLabel(site, road),
    tunnelAddresses: [],
  };
}

/** The event that a forwarder wrote. @returns undefined where it is something else */
export function readNeutralEvent(value: unknown): AlarmEvent | undefined {
  const parsed = alarmEvent.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
