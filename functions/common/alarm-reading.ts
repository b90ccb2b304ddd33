import { type AlarmLabel, readAlarmText } from "./alarm-label";

/** What one cloud's message says, before it is bounded and given its keys. */
export interface Reading {
  readonly status: "firing" | "resolved" | "unknown";
  readonly title: string | undefined;
  readonly summary: string;
  readonly label: AlarmLabel | undefined;
  /** The alarm itself. */
  readonly identity: string;
  /** This one change of it: equal in each delivery of one message, and in no other message. */
  readonly change: string;
  readonly severity: string | undefined;
  readonly occurredAt: string | undefined;
  readonly isRepeat?: boolean;
  readonly isHeartbeat?: boolean;
  readonly tunnelAddresses: readonly string[];
  readonly link: string | undefined;
}

/** The sentence for people and the label that the stacks wrote into the alarm's own text. */
export function alarmText(
  text: string | undefined,
  fallback: string | undefined,
): { readonly summary: string; readonly label: AlarmLabel | undefined } {
  const { label, sentence } = readAlarmText(text ?? "");
  return { label, summary: sentence || fallback || "" };
}
