import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ExternalError } from "../../config/problems";
import { type Outcome, switchAppliance } from "../../functions/appliance-failover/core";
import { publishNotice, renderNotice } from "../../functions/appliance-failover/notice";
import { type Preview, previewSwitch } from "../../functions/appliance-failover/preview";
import { doesServiceAnswer } from "../../functions/common/appliance/ask-probe";
import { ApplianceError } from "../../functions/common/appliance/errors";
import { observe } from "../../functions/common/appliance/observe";
import { writeMaintenance } from "../../functions/common/appliance/record";
import type { ApplianceSettings } from "../../functions/common/appliance/settings";
import type { ApplianceRecord, World } from "../../functions/common/appliance/world";

export interface SwitchWish {
  readonly kind: "failover" | "failback";
  readonly reason: string;
  readonly isForced: boolean;
}

/** An appliance, in the account that the credentials are of. Each throws ExternalError, whatever goes wrong. */
export interface OpenAppliance {
  readonly look: () => Promise<World>;
  /** Undefined: it can't be asked. */
  readonly ask: (host: string) => Promise<boolean | undefined>;
  readonly preview: (wish: SwitchWish) => Promise<Preview>;
  readonly switch: (wish: SwitchWish, say: (line: string) => void) => Promise<Outcome>;
  readonly maintain: (maintenance: ApplianceRecord["maintenance"]) => Promise<void>;
}

/** @param topic name of the SNS topic that is told of a switch */
export function openAppliance(settings: ApplianceSettings, topic: string | undefined): OpenAppliance {
  const { region } = settings;
  const ec2 = new EC2Client({ region, maxAttempts: 8 });
  const lambda = new LambdaClient({ region });
  const table = { client: new DynamoDBClient({ region }), tableName: settings.name, now: Date.now };
  const ask = (host: string) => doesServiceAnswer(lambda, settings, host);
  const toRequest = (wish: SwitchWish) => ({ ...wish, id: `command-${randomUUID()}` });
  return {
    look: () => orExplain(settings, () => observe({ ec2, table }, settings)),
    ask: (host) => orExplain(settings, () => ask(host)),
    preview: (wish) => orExplain(settings, () => previewSwitch({ ec2, table }, settings, toRequest(wish))),
    switch: (wish, say) =>
      orExplain(settings, () =>
        switchAppliance(
          {
            ec2,
            table,
            probe: ask,
            notify: async (outcome) => {
              if (topic === undefined) return;
              const arn = await topicArn(region, topic);
              await publishNotice(new SNSClient({ region }), arn, renderNotice(settings, outcome, Date.now()));
            },
            sleep: (milliseconds) => sleep(milliseconds),
            log: ({ message, steps, error }) =>
              say(
                [message, ...[steps ?? error ?? []].flat()]
                  .map(String)
                  .join(" ")
                  .replace(/^stage /, ""),
              ),
          },
          settings,
          toRequest(wish),
        ),
      ),
    maintain: (maintenance) => orExplain(settings, () => writeMaintenance(table, maintenance)),
  };
}

/** The caller's ARN tells the partition and the account: arn:aws:iam::123456789012:user/operator */
async function topicArn(region: string, topic: string): Promise<string> {
  const { Arn = "" } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  const [, partition, , , account] = Arn.split(":");
  return `arn:${partition}:sns:${region}:${account}:${topic}`;
}

/** DynamoDB's and Lambda's word for what the stack makes, and EC2's is another. */
const NOT_DEPLOYED = "ResourceNotFoundException";

async function orExplain<T>({ key, region }: ApplianceSettings, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ApplianceError) throw new ExternalError(`${key}: ${error.message}`);
    const { name, message } = error as Error;
    if (name === NOT_DEPLOYED)
      throw new ExternalError(`${key}: the stack appliance-${key} is not deployed in ${region}; deploy it first`);
    throw new ExternalError(`${key}: AWS answered ${name}: ${message}`);
  }
}
