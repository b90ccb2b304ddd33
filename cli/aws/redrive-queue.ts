import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { ExternalError } from "../../config/problems";

export interface Redriven {
  /** How many there were, as SQS counts: about. */
  readonly messages: number;
  /** SQS's handle of the move; none: there was nothing to move. */
  readonly task?: string;
}

/**
 * Moves a dead-letter queue's messages back to where they came from.
 * @throws {ExternalError} where there are no credentials, no such queue, no permission
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export async function redriveQueue(
  region: string,
  name: string,
  sqs: Pick<SQSClient, "send"> = new SQSClient({ region }),
): Promise<Redriven> {
  try {
    const { QueueUrl: url } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const { Attributes: attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn", "ApproximateNumberOfMessages"] }),
    );
    const messages = Number(attributes?.ApproximateNumberOfMessages ?? 0);
    if (messages === 0) return { messages };
    const { TaskHandle: task } = await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: attributes?.QueueArn }));
    return { messages, task: task ?? "unknown" };
  } catch (error) {
    throw new ExternalError(`SQS queue ${name} in ${region}: ${(error as Error).name}: ${(error as Error).message}`);
  }
}
