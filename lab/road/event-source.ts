import { setTimeout as sleep } from "node:timers/promises";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";

export interface EventSourceOptions {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** Invocations at a time. */
  readonly maximumConcurrency: number;
  /** @throws where the function fails as a whole */
  readonly invoke: (event: SQSEvent) => Promise<unknown>;
  /**
   * When what failed is visible again. Lambda leaves it to the queue's visibility timeout, five minutes here: a lab has no time
   * for it.
   */
  readonly retrySeconds: number;
  readonly onBatch?: (told: number, failed: number) => void;
}

const LOOK_MS = 100;

/**
 * Feeds a function from a FIFO queue as Lambda's event source mapping does, with ReportBatchItemFailures.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export class EventSource {
  private isRunning = true;
  private readonly client = new SQSClient({});
  private readonly loops: readonly Promise<void>[];

  constructor(private readonly options: EventSourceOptions) {
    this.loops = Array.from({ length: options.maximumConcurrency }, () => this.loop());
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    await Promise.all(this.loops);
    this.client.destroy();
  }

  private async loop(): Promise<void> {
    const { batchSize, queueUrl } = this.options;
    while (this.isRunning) {
      const { Messages = [] } = await this.client
        .send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl,
            MaxNumberOfMessages: batchSize,
            MessageSystemAttributeNames: ["All"],
            MessageAttributeNames: ["All"],
          }),
        )
        .catch(() => ({ Messages: [] }));
      if (Messages.length > 0) await this.handle(Messages);
      else await sleep(LOOK_MS);
    }
  }

  private async handle(messages: readonly Message[]): Promise<void> {
    const { invoke, onBatch, queueUrl, retrySeconds } = this.options;
    const all = messages.map(({ MessageId }) => String(MessageId));
    const failed = await invoke(this.toEvent(messages)).then(
      (answer) => (answer as SQSBatchResponse).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
      () => all,
    );
    onBatch?.(all.length - failed.length, failed.length);
    await Promise.all(
      messages.map(({ MessageId, ReceiptHandle }) => {
        const of = { QueueUrl: queueUrl, ReceiptHandle };
        return failed.includes(String(MessageId))
          ? this.client.send(new ChangeMessageVisibilityCommand({ ...of, VisibilityTimeout: retrySeconds }))
          : this.client.send(new DeleteMessageCommand(of));
      }),
    );
  }

  private toEvent(messages: readonly Message[]): SQSEvent {
    return {
      Records: messages.map((message) => ({
        messageId: String(message.MessageId),
        receiptHandle: String(message.ReceiptHandle),
        body: String(message.Body),
        attributes: message.Attributes as never,
        messageAttributes: Object.fromEntries(
          Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType, StringValue }]) => [
            name,
            { dataType: String(DataType), stringValue: StringValue },
          ]),
        ),
        md5OfBody: String(message.MD5OfBody),
        eventSource: "aws:sqs",
        eventSourceARN: this.options.queueArn,
        awsRegion: "ap-northeast-1",
      })),
    };
  }
}
