import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createResolver } from "../gateway/references";
import { type Block, type NamedBlock, resourcesOf, type TerraformJson } from "../gateway/terraform-json";

/** What of a relay's template lies in the emulated account. */
export interface RelayAccount {
  /** Values that only the account knows, by the reference's inner text. */
  readonly references: Readonly<Record<string, string>>;
  /** By the template's queue name. */
  readonly queueUrls: ReadonlyMap<string, string>;
  /** Gives a secret a new current value; the former one becomes the previous. @param address of the secret's resource */
  readonly rotate: (address: string, value: string) => Promise<void>;
}

/**
 * Makes the template's queues, table and secrets in the emulator, as Terraform would.
 * @param secrets values by the address of the secret's resource
 */
export async function makeRelayAccount(
  template: TerraformJson,
  secrets: Readonly<Record<string, string>>,
): Promise<RelayAccount> {
  const store = new SecretsManagerClient({});
  const references: Record<string, string> = {};
  for (const { address, block } of resourcesOf(template, "aws_secretsmanager_secret")) {
    const SecretString = secrets[address];
    if (SecretString === undefined) throw new Error(`the secret ${address} needs a value`);
    const { ARN } = await store.send(new CreateSecretCommand({ Name: block.name, SecretString }));
    references[`${address}.arn`] = references[`${address}.id`] = String(ARN);
  }
  for (const { block } of resourcesOf(template, "aws_dynamodb_table")) await makeTable(block);
  const queueUrls = await makeQueues(template);
  return {
    references,
    queueUrls,
    rotate: async (address, SecretString) => {
      await store.send(new PutSecretValueCommand({ SecretId: references[`${address}.arn`], SecretString }));
    },
  };
}

async function makeTable(block: Block): Promise<void> {
  await new DynamoDBClient({}).send(
    new CreateTableCommand({
      TableName: block.name,
      BillingMode: block.billing_mode,
      KeySchema: [{ AttributeName: block.hash_key, KeyType: "HASH" }],
      AttributeDefinitions: block.attribute.map(({ name, type }: Block) => ({
        AttributeName: name,
        AttributeType: type,
      })),
    }),
  );
}

/** Those first that others name as the place for what failed. */
async function makeQueues(template: TerraformJson): Promise<ReadonlyMap<string, string>> {
  const client = new SQSClient({});
  const resolve = createResolver(template);
  const queues = resourcesOf(template, "aws_sqs_queue");
  const urls = new Map<string, string>();
  const isFirst = ({ block }: NamedBlock) => block.redrive_policy === undefined;
  for (const { block } of [...queues.filter(isFirst), ...queues.filter((queue) => !isFirst(queue))]) {
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({
        QueueName: block.name,
        Attributes: {
          FifoQueue: "true",
          MessageRetentionPeriod: String(block.message_retention_seconds),
          MaximumMessageSize: String(block.max_message_size),
          ...(block.visibility_timeout_seconds && { VisibilityTimeout: String(block.visibility_timeout_seconds) }),
          ...(block.redrive_policy && { RedrivePolicy: resolve(block.redrive_policy) }),
        },
      }),
    );
    urls.set(block.name, String(QueueUrl));
  }
  return urls;
}
