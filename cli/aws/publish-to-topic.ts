import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ExternalError } from "../../config/problems";

/**
 * Publishes in the account of the environment's credentials.
 * @returns SNS's id of the message
 * @throws {ExternalError} where there are no credentials, no such topic, no permission
 */
export async function publishToTopic(
  region: string,
  name: string,
  message: string,
  { sns, sts }: { readonly sns: SNSClient; readonly sts: STSClient } = {
    sns: new SNSClient({ region }),
    sts: new STSClient({ region }),
  },
): Promise<string> {
  try {
    const { Arn: arn = "", Account: account } = await sts.send(new GetCallerIdentityCommand({}));
    const topicArn = `arn:${arn.split(":")[1]}:sns:${region}:${account}:${name}`;
    const { MessageId: id } = await sns.send(new PublishCommand({ TopicArn: topicArn, Message: message }));
    return id ?? "unknown";
  } catch (error) {
    throw new ExternalError(`SNS topic ${name} in ${region}: ${(error as Error).name}: ${(error as Error).message}`);
  }
}
