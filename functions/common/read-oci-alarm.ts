import { alarmText, type Reading } from "./alarm-reading";
import { field, listField, readTime, textField } from "./json-reader";

/**
 * An alarm message of OCI Monitoring, versions 1.0 to 1.5, for all metric streams or for one.
 * @see https://docs.oracle.com/iaas/Content/Monitoring/alarm-message-format.htm
 */
export function readOciAlarm(payload: unknown): Reading | undefined {
  const type = textField(payload, "type");
  // Oracle's own example has the list inside and outside of a further list: its elements are objects in either case.
  const metadata = listField(payload, "alarmMetaData").flat();
  const dedupeKey = textField(payload, "dedupeKey");
  const id = textField(metadata[0], "id");
  if (!dedupeKey && !id && !(type && metadata.length > 0)) return undefined;
  const time = readTime(field(payload, "timestampEpochMillis")) ?? readTime(field(payload, "timestamp"));
  const isSplit = /split/i.test(textField(payload, "notificationType") ?? "");
  const text = alarmText(textField(payload, "body"), textField(metadata[0], "alarmSummary"));
  return {
    ...text,
    status: statusOf(type, metadata),
    title: textField(payload, "title"),
    // A split alarm's key names the stream; a grouped one's the alarm, as its OCID does.
    identity: (isSplit ? dedupeKey : undefined) ?? id ?? dedupeKey ?? "alarm",
    change: `${dedupeKey ?? id}:${time ?? ""}:${type ?? ""}`,
    severity: (textField(payload, "severity") ?? textField(metadata[0], "severity"))?.toLowerCase(),
    occurredAt: time,
    isRepeat: type === "REPEAT" || undefined,
    isHeartbeat: text.label?.kind === "heartbeat" || undefined,
    tunnelAddresses: metadata
      .flatMap((element) => listField(element, "dimensions"))
      .map((dimensions) => textField(dimensions, "publicIp"))
      .filter((address) => address !== undefined),
    link: textField(metadata[0], "alarmUrl"),
  };
}

function statusOf(type: string | undefined, metadata: readonly unknown[]): Reading["status"] {
  if (type === "OK_TO_FIRING" || type === "REPEAT") return "firing";
  if (type === "FIRING_TO_OK") return "resolved";
  // The metric came no more: nobody knows how the tunnel is.
  if (type === "RESET") return "unknown";
  const statuses = metadata.map((element) => textField(element, "status")?.toUpperCase());
  if (statuses.includes("FIRING")) return "firing";
  return statuses.includes("OK") ? "resolved" : "unknown";
}
