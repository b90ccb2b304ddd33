import { field, parseJson, textField } from "../common/json-reader";
import { ALARM_SOURCES } from "../common/relay-contract";
import type { Delivery } from "./notifier";

/**
 * What a connector hands over from OCI's queue: a list of messages, each the relay's envelope, or an object or a text around it.
 * What is neither is told as it is, as an alarm that can't be read.
 * @see https://docs.oracle.com/iaas/Content/connector-hub/create-service-connector-queue-source.htm
 */
export function readQueued(text: string): readonly Delivery[] {
  const parsed = parseJson(text);
  const list = Array.isArray(parsed) ? parsed : [parsed ?? text];
  return list.map((message, index) => {
    const envelope = openEnvelope(message);
    const source = ALARM_SOURCES.find((known) => known === textField(envelope, "source")) ?? "oci";
    const alarm = textField(envelope, "alarm");
    return {
      id: String(index),
      source,
      text: alarm ?? (typeof message === "string" ? message : JSON.stringify(message)),
    };
  });
}

function openEnvelope(message: unknown): unknown {
  if (typeof message === "string") return parseJson(message);
  // A neutral event has an `alarm` too: its identity.
  if (field(message, "kakehashiAlarm")) return undefined;
  if (textField(message, "alarm")) return message;
  const content = field(message, "content") ?? field(message, "data");
  return typeof content === "string" ? parseJson(content) : content;
}
