import { setTimeout } from "node:timers/promises";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Block } from "../../lab/gateway/terraform-json";

export interface QueuePollerProps {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  /** The `aws_lambda_event_source_mapping` that it follows. */
  readonly mapping: Block;
  readonly invoke: (event: SQSEvent) => Promise<unknown>;
  /** How many of the mapping's functions this machine has room for. */
  readonly most: number;
  /** Asked before messages are deleted: false, and they are not, as when the poller itself dies. */
  readonly mayDelete?: () => boolean;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (10 messages) */
const MOST_AT_ONCE = 10;
/** Lambda's poller asks with several connections. */
const RECEIVERS = 4;

/**
 * What AWS's own poller does with a queue and a function, by the event source mapping: gathers a batch, invokes, deletes what
 * did not fail; nothing where the function fails.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export class QueuePoller {
  /** Batches that ended, well or not, and the messages that were deleted; what went wrong with functions and with the queue. */
  readonly seen = { batches: 0, failures: [] as string[], lost: [] as string[], deleted: 0 };
  private readonly state = { isStopped: false };
  private readonly loops: readonly Promise<void>[];

  constructor(private readonly props: QueuePollerProps) {
    const { most, mapping } = props;
    const functions = Math.min(most, mapping.scaling_config?.maximum_concurrency ?? most);
    this.loops = Array.from({ length: functions }, () => this.poll());
  }

  async stop(): Promise<void> {
    this.state.isStopped = true;
    await Promise.all(this.loops);
  }

  private async poll(): Promise<void> {
    while (!this.state.isStopped) {
      // A request that fails ends nothing: what it had received comes again.
      const messages = await this.gather().catch((error: Error) => {
        this.seen.lost.push(error.message);
        return [];
      });
      if (messages.length > 0) await this.handle(messages);
      else await setTimeout(100);
    }
  }

  private async gather(): Promise<Message[]> {
    const { batch_size: size, maximum_batching_window_in_seconds: windowSeconds = 0 } = this.props.mapping;
    const messages: Message[] = [];
    const endMs = Date.now() + windowSeconds * 1000;
    do {
      const wanted = Math.min(RECEIVERS, Math.ceil((size - messages.length) / MOST_AT_ONCE));
      const got = (await Promise.all(Array.from({ length: wanted }, () => this.receive()))).flat();
      messages.push(...got);
      if (got.length === 0) await setTimeout(50);
    } while (messages.length + MOST_AT_ONCE <= size && Date.now() < endMs);
    return messages;
  }

  private async receive(): Promise<Message[]> {
    const { sqs, queueUrl } = this.props;
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: MOST_AT_ONCE,
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    });
    return (await sqs.send(command)).Messages ?? [];
  }

  private async handle(messages: readonly Message[]): Promise<void> {
    const { invoke, mapping, mayDelete = () => true } = this.props;
    try {
      const response = (await invoke(toEvent(messages, this.props.queueArn))) as SQSBatchResponse | null;
      const isPartial = mapping.function_response_types?.includes("ReportBatchItemFailures");
      const failed = new Set(isPartial ? response?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) : []);
      const known = new Set(messages.map(({ MessageId }) => MessageId));
      // A name that is in no message makes the whole batch fail.
      if ([...failed].some((id) => !known.has(id))) throw new Error("a failure that is none of the batch's messages");
      if (mayDelete()) await this.remove(messages.filter(({ MessageId = "" }) => !failed.has(MessageId)));
    } catch (error) {
      this.seen.failures.push((error as Error).message);
    } finally {
      this.seen.batches++;
    }
  }

  private async remove(messages: readonly Message[]): Promise<void> {
    const { sqs, queueUrl } = this.props;
    const starts = Array.from(
      { length: Math.ceil(messages.length / MOST_AT_ONCE) },
      (_, at) => at * MOST_AT_ONCE,
    ).values();
    const worker = async () => {
      for (const start of starts) {
        const Entries = messages
          .slice(start, start + MOST_AT_ONCE)
          .map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle: ReceiptHandle as string }));
        const command = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries });
        const { Successful = [] } = await sqs.send(command);
        this.seen.deleted += Successful.length;
      }
    };
    await Promise.all(Array.from({ length: RECEIVERS }, worker));
  }
}

function toEvent(messages: readonly Message[], eventSourceARN: string): SQSEvent {
  return {
    Records: messages.map(({ MessageId = "", ReceiptHandle = "", Body = "", Attributes, MD5OfBody = "" }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes as SQSEvent["Records"][number]["attributes"],
      messageAttributes: {},
      md5OfBody: MD5OfBody,
      eventSource: "aws:sqs",
      eventSourceARN,
      awsRegion: "ap-northeast-1",
    })),
  };
}
