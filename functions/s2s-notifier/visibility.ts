import { ChangeMessageVisibilityBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Returned } from "./core";

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html (10 entries) */
const ENTRIES = 10;
const PARALLEL = 8;

/**
 * Sets when messages come back. A request that fails is let be: its messages come back after the queue's own timeout, and a
 * batch that is done must not be done again for it.
 */
export async function hideMessages(client: SQSClient, queueUrl: string, returned: readonly Returned[]): Promise<void> {
  const starts = Array.from({ length: Math.ceil(returned.length / ENTRIES) }, (_, at) => at * ENTRIES).values();
  const worker = async () => {
    for (const start of starts) {
      const entries = returned.slice(start, start + ENTRIES).map(({ message, delaySeconds }, at) => ({
        Id: String(at),
        ReceiptHandle: message.receiptHandle,
        VisibilityTimeout: delaySeconds,
      }));
      await client
        .send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries: entries }))
        .catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
