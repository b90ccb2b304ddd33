import { setTimeout } from "node:timers/promises";
import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";

/**
 * Who may send a record: the batch whose result object will hold its final result. An id has at most one such batch; when its
 * function has died, and the object has no final result of the id, another batch takes it over.
 */
export interface Claim {
  /** Key of the object that the batch will write. */
  readonly object: string;
  /** The batch's function is dead by then, and its object written or never. */
  readonly untilMs: number;
  /** The id is forgotten then. Seconds since the epoch, as DynamoDB's time to live wants them. */
  readonly forgetAtSeconds: number;
}

export type ClaimAnswer =
  | { readonly kind: "mine" }
  /** It has its final result. */
  | { readonly kind: "done" }
  /** Another batch is at it. */
  | { readonly kind: "busy"; readonly untilMs: number };

export interface ClaimTable {
  readonly client: DynamoDBClient;
  /** Has the string key `id`. */
  readonly tableName: string;
  readonly now: () => number;
  /** The ids that have a final result in an object. */
  readonly finalIds: (object: string) => Promise<ReadonlySet<string>>;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html (25 statements) */
const STATEMENTS = 25;
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html (100 keys) */
const KEYS = 100;
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html (25 requests) */
const WRITES = 25;
/** Requests at once: a batch of a thousand asks for all its claims in one go. The SDK keeps 50 connections. */
const PARALLEL = 40;
const TRIES = 5;

/**
 * Takes the claims that are free. One write an id: PartiQL's INSERT refuses a key that exists, and 25 go in one request, each
 * by itself, for the price of as many PutItems and a fraction of their requests.
 */
export async function takeClaims(
  table: ClaimTable,
  ids: readonly string[],
  claim: Claim,
): Promise<Map<string, ClaimAnswer>> {
  const answers = new Map<string, ClaimAnswer>();
  const existing = (await inParallel(chunks(ids, STATEMENTS), (chunk) => insert(table, chunk, claim, answers))).flat();
  const items = (await inParallel(chunks(existing, KEYS), (chunk) => read(table, chunk))).flat();
  const known = new Map(items.map((item) => [item.id, item]));
  const finals = memoised(table.finalIds);
  await inParallel(existing, async (id) => {
    answers.set(id, await settle(table, id, known.get(id), claim, finals));
  });
  return answers;
}

/** Gives claims back that this batch holds: their records will be tried again. */
export async function releaseClaims({ client, tableName }: ClaimTable, ids: readonly string[]): Promise<void> {
  await inParallel(chunks(ids, WRITES), async (chunk) => {
    let requests = chunk.map((id) => ({ DeleteRequest: { Key: { id: { S: id } } } }));
    for (let tries = 0; requests.length > 0 && tries < TRIES; tries++) {
      if (tries > 0) await setTimeout(50 * 2 ** tries);
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }),
      );
      requests = (UnprocessedItems?.[tableName] ?? []) as typeof requests;
    }
    // What could not be given back runs out by itself.
  });
}

interface Item extends Claim {
  readonly id: string;
}

/** @returns the ids that have a claim already */
async function insert(
  { client, tableName }: ClaimTable,
  ids: readonly string[],
  claim: Claim,
  answers: Map<string, ClaimAnswer>,
): Promise<string[]> {
  const existing: string[] = [];
  let left = [...ids];
  for (let tries = 0; left.length > 0; tries++) {
    if (tries === TRIES) throw new Error(`DynamoDB did not take ${left.length} claims`);
    if (tries > 0) await setTimeout(50 * 2 ** tries);
    const { Responses = [] } = await client.send(
      new BatchExecuteStatementCommand({
        Statements: left.map((id) => ({
          Statement: `INSERT INTO "${tableName}" VALUE {'id': ?, 'object': ?, 'untilMs': ?, 'forgetAt': ?}`,
          Parameters: [
            { S: id },
            { S: claim.object },
            { N: String(claim.untilMs) },
            { N: String(claim.forgetAtSeconds) },
          ],
        })),
      }),
    );
    const again: string[] = [];
    for (const [at, id] of left.entries()) {
      const code = Responses[at]?.Error?.Code;
      if (code === undefined) answers.set(id, { kind: "mine" });
      else if (code === "DuplicateItem") existing.push(id);
      else again.push(id);
    }
    left = again;
  }
  return existing;
}

async function read({ client, tableName }: ClaimTable, ids: readonly string[]): Promise<Item[]> {
  const items: Item[] = [];
  let keys = ids.map((id) => ({ id: { S: id } }));
  for (let tries = 0; keys.length > 0; tries++) {
    if (tries === TRIES) throw new Error(`DynamoDB did not answer for ${keys.length} claims`);
    if (tries > 0) await setTimeout(50 * 2 ** tries);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: keys, ConsistentRead: true } } }),
    );
    for (const item of Responses?.[tableName] ?? []) {
      items.push({
        id: item.id?.S ?? "",
        object: item.object?.S ?? "",
        untilMs: Number(item.untilMs?.N),
        forgetAtSeconds: Number(item.forgetAt?.N),
      });
    }
    keys = (UnprocessedKeys?.[tableName]?.Keys ?? []) as typeof keys;
  }
  return items;
}

async function settle(
  table: ClaimTable,
  id: string,
  item: Item | undefined,
  claim: Claim,
  finals: ClaimTable["finalIds"],
): Promise<ClaimAnswer> {
  const now = table.now();
  // Given back, or forgotten, between the two questions.
  if (!item) return (await takeOver(table, id, undefined, claim)) ? { kind: "mine" } : busyFor(now);
  // A request of ours that was answered too late and made again by the SDK.
  if (item.object === claim.object) return { kind: "mine" };
  if (item.untilMs > now) return { kind: "busy", untilMs: item.untilMs };
  // DynamoDB takes days to delete what has run out.
  const isForgotten = item.forgetAtSeconds * 1000 <= now;
  if (!isForgotten && (await finals(item.object)).has(id)) return { kind: "done" };
  return (await takeOver(table, id, item.object, claim)) ? { kind: "mine" } : busyFor(now);
}

/** Somebody was faster: what became of it is known after a while. */
const busyFor = (now: number): ClaimAnswer => ({ kind: "busy", untilMs: now + 30_000 });

async function takeOver(
  { client, tableName }: ClaimTable,
  id: string,
  from: string | undefined,
  claim: Claim,
): Promise<boolean> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { id: { S: id } },
        UpdateExpression: "SET #object = :object, untilMs = :until, forgetAt = :forget",
        ConditionExpression: from === undefined ? "attribute_not_exists(id)" : "#object = :from",
        ExpressionAttributeNames: { "#object": "object" },
        ExpressionAttributeValues: {
          ":object": { S: claim.object },
          ":until": { N: String(claim.untilMs) },
          ":forget": { N: String(claim.forgetAtSeconds) },
          ...(from !== undefined && { ":from": { S: from } }),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function memoised<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const answer = known.get(key) ?? ask(key);
    known.set(key, answer);
    return answer;
  };
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

async function inParallel<T, R>(all: readonly T[], run: (one: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  const rest = all.entries();
  const worker = async () => {
    for (const [at, one] of rest) answers[at] = await run(one);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, all.length) }, worker));
  return answers;
}
