import { GetQueueUrlCommand, QueueDoesNotExist, type SQSClient } from "@aws-sdk/client-sqs";
import { ExternalError } from "../../config/problems";
import { ask } from "./ask";

/** @throws ExternalError */
export async function findQueue(sqs: SQSClient, name: string, region: string): Promise<string> {
  const url = await ask("sqs:GetQueueUrl", () =>
    sqs.send(new GetQueueUrlCommand({ QueueName: name })).then(
      ({ QueueUrl }) => QueueUrl,
      (error) => {
        if (error instanceof QueueDoesNotExist) return undefined;
        throw error;
      },
    ),
  );
  if (url === undefined) throw new ExternalError(`there is no queue ${name} in ${region}: deploy the notifier's stack`);
  return url;
}
