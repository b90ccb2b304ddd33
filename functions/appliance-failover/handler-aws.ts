import { setTimeout as sleep } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import { doesServiceAnswer } from "../common/appliance/ask-probe";
import { downEvent } from "../common/appliance/down-event";
import { readApplianceEnvironment } from "../common/appliance/environment";
import { type Hands, type Outcome, switchAppliance } from "./core";
import { publishNotice, renderNotice } from "./notice";

const { settings, topicArn } = readApplianceEnvironment(process.env);
const logger = new Logger({ serviceName: "appliance-failover" });
// EC2 throttles by account and call: the client waits as long as it is told to.
const ec2 = new EC2Client({ retryMode: "adaptive", maxAttempts: 8 });
const [dynamo, lambda, sns] = [new DynamoDBClient({}), new LambdaClient({}), new SNSClient({})];

const hands: Hands = {
  ec2,
  table: { client: dynamo, tableName: settings.name, now: Date.now },
  probe: (host) => doesServiceAnswer(lambda, settings, host),
  notify: async (outcome) => {
    if (topicArn !== undefined) await publishNotice(sns, topicArn, renderNotice(settings, outcome, Date.now()));
  },
  sleep: (milliseconds) => sleep(milliseconds),
  log: ({ message, ...rest }) => logger.info(message, rest),
};

/**
 * Called by EventBridge. Lambda tries a failed call twice more, and puts it into the dead-letter queue then: each try goes on
 * where the one before it ended.
 * @throws ApplianceError; what AWS answers
 */
export async function handler(event: unknown): Promise<Outcome> {
  const { id, detail } = downEvent.parse(event);
  if (detail.appliance !== settings.name) throw new Error(`called for ${detail.appliance}`);
  const { suspectId, reason } = detail;
  const outcome = await switchAppliance(hands, settings, { kind: "failover", id, suspectId, reason });
  logger.info("outcome", { outcome });
  return outcome;
}
