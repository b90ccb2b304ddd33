import { Logger } from "@aws-lambda-powertools/logger";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import { reconcileWatch, removeWatch } from "./core";
import { readEnvironment } from "./env";

/** What Terraform calls it with: at every deployment, and before the function itself is removed. */
interface TerraformCall {
  readonly tf: { readonly action: "create" | "update" | "delete" };
}

/** Left for the last calls under way, and for the message that says there is more to do. */
const RESERVE_MILLISECONDS = 20_000;

// CloudWatch takes 3 changes of alarms a second: the client learns the pace from being refused.
const pace = { retryMode: "adaptive", maxAttempts: 10 };
const clients = { ec2: new EC2Client(pace), cloudWatch: new CloudWatchClient(pace) };
const sqs = new SQSClient({});
const logger = new Logger({ serviceName: "watch-reconciler" });

/**
 * Called by the queue, in which EC2's events and the schedule meet, with any number of messages: they only say when to look.
 * @throws whatever AWS answers; the queue then tries again
 */
export async function handler(event: SQSEvent | TerraformCall, context: Context): Promise<object> {
  const { spec, queueUrl } = readEnvironment(process.env);
  const isTimeUp = () => context.getRemainingTimeInMillis() < RESERVE_MILLISECONDS;
  if ("tf" in event && event.tf.action === "delete") {
    const removed = await removeWatch(clients, spec, isTimeUp);
    if (!removed.isComplete) throw new Error(`the time was up after ${removed.deleted} alarms: destroy once more`);
    return removed;
  }
  // arn:aws:lambda:ap-northeast-1:123456789012:function:demo-watch-web
  const [, partition = "", , region = "", account = ""] = context.invokedFunctionArn.split(":");
  const result = await reconcileWatch(clients, spec, { partition, region, account }, isTimeUp);
  const { missing, changed, stale, ...numbers } = result;
  logger.info("reconciled", { ...numbers, drift: { missing: few(missing), changed: few(changed), stale: few(stale) } });
  if (!result.isComplete) {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: '{"reason":"there is more to do"}' }));
  }
  const { instances, put, deleted, unchanged, isComplete } = result;
  return { instances, put, deleted, unchanged, isComplete };
}

/** A log line has at most 256 KB. */
function few(names: readonly string[]): readonly string[] {
  return names.length <= 100 ? names : [...names.slice(0, 100), `and ${names.length - 100} more`];
}
