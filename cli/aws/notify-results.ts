import { ListObjectsV2Command, NoSuchBucket, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type Notifier, resultBucketName } from "../../config/notifier";
import { ExternalError } from "../../config/problems";
import { RESULTS_PREFIX } from "../../functions/s2s-notifier/env";
import { type ResultBucket, readResults } from "../../functions/s2s-notifier/results";
import { isWanted, partitionsOf, type ResultCollector, type ResultQuery } from "../notify/result-query";
import { ask } from "./ask";

export interface NotifyResults {
  readonly site: string;
  readonly notifier: Notifier;
  readonly query: ResultQuery;
  readonly collector: ResultCollector;
}

const PARALLEL = 16;

/**
 * Reads a notifier's results into the collector.
 * @returns the bucket
 * @throws ExternalError
 */
export async function notifyResults({ site, notifier, query, collector }: NotifyResults): Promise<string> {
  const { region } = notifier;
  const bucketName = notifier.results.bucket ?? resultBucketName(site, notifier.key, await readAccountId(region));
  const bucket = { client: new S3Client({ region }), bucketName };
  const keys: string[] = [];
  await inParallel(partitionsOf(query), async (partition) => {
    keys.push(...(await listObjects(bucket, `${RESULTS_PREFIX}${partition}`, region)));
  });
  await inParallel(keys, async (key) => {
    const lines = await ask("s3:GetObject", () => readResults(bucket, key));
    collector.add(lines.filter((line) => isWanted(line, query)));
  });
  return bucketName;
}

async function readAccountId(region: string): Promise<string> {
  const { Account = "" } = await ask("sts:GetCallerIdentity", () =>
    new STSClient({ region }).send(new GetCallerIdentityCommand({})),
  );
  return Account;
}

async function listObjects({ client, bucketName }: ResultBucket, prefix: string, region: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({ Bucket: bucketName, Prefix: prefix, ContinuationToken: token });
    const page = await ask("s3:ListBucket", () => client.send(command).catch(missing));
    if (!page) throw new ExternalError(`there is no bucket ${bucketName} in ${region}: deploy the notifier's stack`);
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    token = page.NextContinuationToken;
  } while (token);
  return keys;
}

function missing(error: unknown): undefined {
  if (!(error instanceof NoSuchBucket)) throw error;
}

async function inParallel<T>(all: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  const worker = async () => {
    for (const one of rest) await run(one);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, all.length) }, worker));
}
