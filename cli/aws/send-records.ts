import { setTimeout } from "node:timers/promises";
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from "@aws-sdk/client-sqs";
import { ExternalError } from "../../config/problems";
import type { Pace } from "../notify/pace";
import { MOST_BYTES, type Position, START } from "../notify/split-lines";
import { ask } from "./ask";

/** A record on its way into a queue. Without a body it is only passed over. */
export interface Outgoing extends Position {
  readonly body?: string;
}

export interface SendRecords {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly records: AsyncIterable<Outgoing>;
  readonly pace: Pace;
  /** Told after each request: how many more are in the queue, and up to where all are. */
  readonly onSent: (count: number, upTo: Position) => void;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html (10 entries) */
const ENTRIES = 10;
const PARALLEL = 8;
const TRIES = 6;

interface Batch {
  readonly bodies: readonly string[];
  readonly end: Position;
  isSent: boolean;
}

/**
 * Puts records into a queue, several requests at a time. One that was interrupted may be sent twice; their ids make it one call.
 * @throws ExternalError
 */
export async function sendRecords({ sqs, queueUrl, records, pace, onSent }: SendRecords): Promise<void> {
  const flow = { isStopped: false, upTo: START, underWay: [] as Batch[] };
  const batches = toBatches(records, flow.underWay);
  const worker = async () => {
    while (!flow.isStopped) {
      const { value: batch, done } = await batches.next();
      if (done) return;
      await setTimeout(pace.take(batch.bodies.length, Date.now()));
      await sendBatch(sqs, queueUrl, batch.bodies);
      batch.isSent = true;
      while (flow.underWay[0]?.isSent) flow.upTo = (flow.underWay.shift() as Batch).end;
      onSent(batch.bodies.length, flow.upTo);
    }
  };
  const stopping = Array.from({ length: PARALLEL }, () =>
    worker().catch((error) => {
      flow.isStopped = true;
      throw error;
    }),
  );
  // The others' requests end before it is said what went wrong: what they sent counts.
  for (const ended of await Promise.allSettled(stopping)) if (ended.status === "rejected") throw ended.reason;
}

/** Every batch stands in `underWay` before anybody has it, in the records' order. */
async function* toBatches(records: AsyncIterable<Outgoing>, underWay: Batch[]): AsyncGenerator<Batch> {
  let bodies: string[] = [];
  let bytes = 0;
  let end: Position | undefined;
  const cut = (): Batch => {
    const batch = { bodies, end: end as Position, isSent: false };
    underWay.push(batch);
    bodies = [];
    bytes = 0;
    end = undefined;
    return batch;
  };
  for await (const { body, ...position } of records) {
    const size = Buffer.byteLength(body ?? "");
    if (bytes + size > MOST_BYTES) yield cut();
    if (body !== undefined) bodies.push(body);
    bytes += size;
    end = position;
    if (bodies.length === ENTRIES) yield cut();
  }
  if (end) yield cut();
}

/** @throws ExternalError */
export async function sendBatch(sqs: SQSClient, queueUrl: string, bodies: readonly string[]): Promise<void> {
  let entries: SendMessageBatchRequestEntry[] = bodies.map((MessageBody, at) => ({ Id: String(at), MessageBody }));
  for (let tries = 0; entries.length > 0; tries++) {
    if (tries > 0) await setTimeout(100 * 2 ** tries);
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries });
    const { Failed = [] } = await ask("sqs:SendMessage", () => sqs.send(command));
    const ours = Failed.find(({ SenderFault }) => SenderFault);
    if (ours ?? (tries === TRIES && Failed[0]))
      throw new ExternalError(`SQS refused a record: ${(ours ?? Failed[0])?.Code}`);
    const failed = new Set(Failed.map(({ Id }) => Id));
    entries = entries.filter(({ Id }) => failed.has(Id));
  }
}
