import { createHash } from "node:crypto";

/**
 * A queue's message group or deduplication id: at most 128 of SQS's characters. What fits stays readable, the rest is hashed.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function queueKey(...parts: readonly string[]): string {
  const plain = parts.join(":");
  if (plain.length <= 128 && /^[A-Za-z0-9._:/-]+$/.test(plain)) return plain;
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
