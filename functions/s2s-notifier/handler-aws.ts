import { randomUUID } from "node:crypto";
import { promises as dns } from "node:dns";
import { rootCertificates } from "node:tls";
import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type ClaimTable, releaseClaims, takeClaims } from "./claims";
import { makeGuardedAgent } from "./connect";
import { processBatch } from "./core";
import { parseSettings } from "./env";
import { HostHealth } from "./host-health";
import { finalIds, writeResults } from "./results";
import { hideMessages } from "./visibility";

const settings = parseSettings(process.env);
const logger = new Logger({ serviceName: "s2s-notifier" });
const sqs = new SQSClient({});
const bucket = { client: new S3Client({}), bucketName: settings.bucketName };
const claims: ClaimTable = {
  client: new DynamoDBClient({}),
  tableName: settings.tableName,
  now: Date.now,
  finalIds: (object) => finalIds(bucket, object),
};
/** What one batch learnt of a host holds for the next in this environment. */
const health = new HostHealth(settings, Date.now);
const authorities = settings.authoritiesKey === undefined ? undefined : loadAuthorities(settings.authoritiesKey);
/** c-ares: the system's resolver has four threads, and a name that nobody answers for would hold up all others. */
const resolver = new dns.Resolver({ timeout: 2_000, tries: 2 });

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const messages = event.Records.map(({ messageId, receiptHandle, body, attributes }) => ({
    messageId,
    receiptHandle,
    body,
    receiveCount: Number(attributes.ApproximateReceiveCount),
  }));
  // One agent a batch: connections that slept through a freeze would be found dead by the next.
  const dispatcher = makeGuardedAgent({ settings, resolve, authorities: await authorities });
  try {
    const report = await processBatch(messages, Date.now() + context.getRemainingTimeInMillis(), settings, {
      claims: {
        take: (ids, claim) => takeClaims(claims, ids, claim),
        release: (ids) => releaseClaims(claims, ids),
      },
      writeResults: (key, lines) => writeResults(bucket, key, lines),
      hide: (returned) => hideMessages(sqs, settings.queueUrl, returned),
      dispatcher,
      health,
      now: Date.now,
      random: Math.random,
      unique: randomUUID,
    });
    logger.info("batch", { messages: messages.length, ...report.counts, object: report.object });
    return { batchItemFailures: report.failures.map((itemIdentifier) => ({ itemIdentifier })) };
  } finally {
    await dispatcher.destroy();
  }
}

async function resolve(hostname: string) {
  return (await resolver.resolve4(hostname)).map((address) => ({ address, family: 4 }));
}

async function loadAuthorities(key: string): Promise<string[]> {
  const { Body } = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.bucketName, Key: key }));
  return [...rootCertificates, (await Body?.transformToString()) ?? ""];
}
