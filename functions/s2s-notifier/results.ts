import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { RESULTS_PREFIX } from "./env";
import type { Outcome } from "./outcome";

/** One line of a result object: one attempt of one record. An id has at most one line that is final, in all objects. */
export interface ResultLine {
  readonly id: string;
  /** When the attempt ended, ISO 8601 in UTC. */
  readonly at: string;
  readonly outcome: Outcome;
  readonly final: boolean;
  /** 1 for the first. What was received and not called (no time left, host down) counts too. */
  readonly attempt: number;
  readonly method?: string;
  readonly host?: string;
  /** Without its query unless asked for. */
  readonly url?: string;
  readonly status?: number;
  readonly ms?: number;
  /** Of the response's body, as far as it was read. */
  readonly bytes?: number;
  readonly redirects?: number;
  readonly error?: string;
  /** The response's first bytes, in Base64, where asked for. */
  readonly body?: string;
}

/** `results/dt=2026-11-21/hour=09/<time>-<unique>.ndjson.gz`: Hive's partitions, which Athena prunes by. */
export function resultKey(startMs: number, unique: string): string {
  const time = new Date(startMs).toISOString();
  const stamp = time.replace(/[-:.]/g, "");
  return `${RESULTS_PREFIX}${partition(time)}${stamp}-${unique}.ndjson.gz`;
}

/** @param time ISO 8601 in UTC */
export function partition(time: string): string {
  return `dt=${time.slice(0, 10)}/hour=${time.slice(11, 13)}/`;
}

export interface ResultBucket {
  readonly client: S3Client;
  readonly bucketName: string;
}

/** All lines or none: an object of S3 is there whole or not at all. */
export async function writeResults(
  { client, bucketName }: ResultBucket,
  key: string,
  lines: readonly ResultLine[],
): Promise<void> {
  const text = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
  await client.send(
    new PutObjectCommand({
      Bucket: bucketName,
      Key: key,
      Body: await promisify(gzip)(text),
      ContentType: "application/x-ndjson",
      ContentEncoding: "gzip",
    }),
  );
}

/** Empty where there is no such object. */
export async function readResults({ client, bucketName }: ResultBucket, key: string): Promise<ResultLine[]> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
    const bytes = await Body?.transformToByteArray();
    const text = bytes ? (await promisify(gunzip)(bytes)).toString("utf8") : "";
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as ResultLine);
  } catch (error) {
    if (error instanceof NoSuchKey) return [];
    throw error;
  }
}

export async function finalIds(bucket: ResultBucket, key: string): Promise<ReadonlySet<string>> {
  return new Set((await readResults(bucket, key)).flatMap(({ id, final }) => (final ? [id] : [])));
}
