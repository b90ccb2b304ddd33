/** Clouds that alarms come from: the last part of the relay's path, `POST /alarms/{source}`. */
export const ALARM_SOURCES = ["aws", "oci", "azure"] as const;

export type AlarmSource = (typeof ALARM_SOURCES)[number];

/** What the relay's authorizer reads. */
export const TOKEN_HEADER = "x-kakehashi-token";

/** Names one message once and for all: the queue's deduplication id. At most 128 of SQS's characters. */
export const IDEMPOTENCY_HEADER = "x-kakehashi-idempotency-key";

/** Names the alarm itself: the queue's message group, in which order is kept. At most 128 of SQS's characters. */
export const ALARM_HEADER = "x-kakehashi-alarm";

/** More than any forwarder sends (a neutral event is far below), and what SNS and OCI's Notifications take at most. */
export const MAX_ALARM_BYTES = 64 * 1024;

/**
 * What the relay's request validator asks of a body: a forwarder's neutral event, or Azure's common alert schema as an action
 * group posts it. Draft 4 is the one that API Gateway knows.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html
 */
export const RELAY_MODEL = {
  $schema: "http://json-schema.org/draft-04/schema#",
  title: "Alarm",
  type: "object",
  anyOf: [
    {
      required: ["kakehashiAlarm", "status", "summary"],
      properties: {
        kakehashiAlarm: { type: "integer", enum: [1] },
        status: { type: "string", enum: ["firing", "resolved", "unknown"] },
        summary: { type: "string", maxLength: 8192 },
      },
    },
    { required: ["schemaId", "data"], properties: { schemaId: { type: "string" }, data: { type: "object" } } },
  ],
} as const;
