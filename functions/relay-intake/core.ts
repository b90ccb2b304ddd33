import { parseJson } from "../common/json-reader";
import { ALARM_SOURCES, type AlarmSource, MAX_ALARM_BYTES } from "../common/relay-contract";

/** What lies in OCI's queue. */
export interface QueuedAlarm {
  readonly source: AlarmSource;
  /** The body as it was posted. */
  readonly alarm: string;
}

export type Verdict =
  | { readonly status: 202; readonly queued: QueuedAlarm }
  | { readonly status: 400 | 404 | 413; readonly reason: string };

/** What AWS's API Gateway does by its route, request validator and mapping, for OCI's, which has none for a queue. */
export function judgeRequest(url: string | null, body: Buffer): Verdict {
  const name = /\/alarms\/([a-z]+)\/?(?:\?.*)?$/.exec(url ?? "")?.[1];
  const source = ALARM_SOURCES.find((known) => known === name);
  if (!source) return { status: 404, reason: "no such source" };
  if (body.byteLength > MAX_ALARM_BYTES) return { status: 413, reason: `at most ${MAX_ALARM_BYTES} bytes` };
  const alarm = body.toString("utf8");
  const parsed = parseJson(alarm);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return { status: 400, reason: "the body must be a JSON object" };
  }
  return { status: 202, queued: { source, alarm } };
}
