import { setTimeout } from "node:timers/promises";
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { deadLetterQueueName, type Notifier, notifierName } from "../../config/notifier";
import { ExternalError } from "../../config/problems";
import type { Io } from "../io";
import { Pace } from "../notify/pace";
import { openProgress } from "../notify/progress";
import { ask } from "./ask";
import { findQueue } from "./find-queue";
import { sendBatch } from "./send-records";

export interface NotifyRedrive {
  readonly site: string;
  readonly notifier: Notifier;
  readonly ratePerSecond?: number;
  /** Only count. */
  readonly isDryRun: boolean;
}

export interface NotifyRedriven {
  readonly queue: string;
  /** About how many were dead when it began. */
  readonly found: number;
  readonly moved: number;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (10 messages) */
const MESSAGES = 10;
/** A batch that was received and not moved is seen again after so long. */
const VISIBILITY_SECONDS = 60;
/** SQS asks only some of its machines for a short poll: empty so often in a row is empty. */
const EMPTY_ANSWERS = 3;
const WAIT_SECONDS = 2;

/**
 * Puts dead records back into the queue, as if they were sent anew. Each is in one of the queues at any time, in both for a moment:
 * their ids make that one call.
 * @throws ExternalError
 */
export async function notifyRedrive(io: Io, { site, notifier, ...rest }: NotifyRedrive): Promise<NotifyRedriven> {
  const { region, key } = notifier;
  const sqs = new SQSClient({ region, maxAttempts: 8 });
  const [queue, dead] = [notifierName(site, key), deadLetterQueueName(site, key)];
  const [queueUrl, deadUrl] = [await findQueue(sqs, queue, region), await findQueue(sqs, dead, region)];
  const found = await count(sqs, deadUrl);
  if (rest.isDryRun) return { queue, found, moved: 0 };
  const pace = new Pace(rest.ratePerSecond);
  const progress = openProgress(io.terminal, found, 0);
  const done = { moved: 0, empty: 0 };
  try {
    while (done.empty < EMPTY_ANSWERS) {
      const messages = await receive(sqs, deadUrl);
      done.empty = messages.length === 0 ? done.empty + 1 : 0;
      if (messages.length === 0) continue;
      await setTimeout(pace.take(messages.length, Date.now()));
      await sendBatch(
        sqs,
        queueUrl,
        messages.map(({ Body = "" }) => Body),
      );
      await remove(sqs, deadUrl, messages);
      done.moved += messages.length;
      progress.update(done.moved, done.moved);
    }
  } finally {
    progress.stop();
  }
  return { queue, found, moved: done.moved };
}

async function count(sqs: SQSClient, queueUrl: string): Promise<number> {
  const command = new GetQueueAttributesCommand({
    QueueUrl: queueUrl,
    AttributeNames: ["ApproximateNumberOfMessages"],
  });
  const { Attributes } = await ask("sqs:GetQueueAttributes", () => sqs.send(command));
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

async function receive(sqs: SQSClient, queueUrl: string): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: MESSAGES,
    VisibilityTimeout: VISIBILITY_SECONDS,
    WaitTimeSeconds: WAIT_SECONDS,
  });
  const { Messages = [] } = await ask("sqs:ReceiveMessage", () => sqs.send(command));
  return Messages;
}

async function remove(sqs: SQSClient, queueUrl: string, messages: readonly Message[]): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
  const command = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries });
  const { Failed = [] } = await ask("sqs:DeleteMessage", () => sqs.send(command));
  if (Failed[0]) throw new ExternalError(`SQS did not delete a dead record: ${Failed[0].Code}; it is in both queues`);
}
