import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";

/** The right to act alone for a while. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  /** Rises with each owner: who writes under a lower one has been replaced, and must be refused. */
  readonly fencingToken: number;
  readonly expiresAtMs: number;
}

export interface LeaseTable {
  readonly client: DynamoDBClient;
  /** Has the string key `id`. */
  readonly tableName: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Takes a lease, or takes over one that has run out. Its own owner gets it again, with the same token.
 * @param owner must differ from run to run
 * @returns undefined where somebody else holds it
 */
export async function takeLease(
  { client, tableName, now }: LeaseTable,
  name: string,
  owner: string,
  ttlSeconds: number,
): Promise<Lease | undefined> {
  const time = now();
  const expiresAtMs = time + ttlSeconds * 1000;
  const documents = DynamoDBDocumentClient.from(client);
  const common = { TableName: tableName, Key: { id: leaseId(name) } };
  const names = { "#owner": "owner" };
  // Its own owner first: a retry of the same run keeps its token.
  const again = new UpdateCommand({
    ...common,
    UpdateExpression: "SET expiresAtMs = :until",
    ConditionExpression: "#owner = :owner AND expiresAtMs > :now",
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ":owner": owner, ":until": expiresAtMs, ":now": time },
    ReturnValues: "ALL_NEW",
  });
  const fresh = new UpdateCommand({
    ...common,
    UpdateExpression: "SET #owner = :owner, expiresAtMs = :until ADD fencingToken :one",
    ConditionExpression: "attribute_not_exists(id) OR expiresAtMs <= :now",
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ":owner": owner, ":until": expiresAtMs, ":now": time, ":one": 1 },
    ReturnValues: "ALL_NEW",
  });
  const item = (await unlessRefused(() => documents.send(fresh))) ?? (await unlessRefused(() => documents.send(again)));
  return item && { name, owner, fencingToken: item.Attributes?.fencingToken as number, expiresAtMs };
}

/** Holds the lease for longer. @returns undefined where it was lost: the caller must stop */
export async function renewLease(
  { client, tableName, now }: LeaseTable,
  lease: Lease,
  ttlSeconds: number,
): Promise<Lease | undefined> {
  const expiresAtMs = now() + ttlSeconds * 1000;
  const update = new UpdateCommand({
    TableName: tableName,
    Key: { id: leaseId(lease.name) },
    UpdateExpression: "SET expiresAtMs = :until",
    ConditionExpression: "#owner = :owner AND fencingToken = :token",
    ExpressionAttributeNames: { "#owner": "owner" },
    ExpressionAttributeValues: { ":owner": lease.owner, ":token": lease.fencingToken, ":until": expiresAtMs },
  });
  const renewed = await unlessRefused(() => DynamoDBDocumentClient.from(client).send(update));
  return renewed && { ...lease, expiresAtMs };
}

/** Lets the next one in at once. A lease that was lost stays its new owner's. The token stays: it must keep rising. */
export async function releaseLease({ client, tableName }: LeaseTable, lease: Lease): Promise<void> {
  const update = new UpdateCommand({
    TableName: tableName,
    Key: { id: leaseId(lease.name) },
    UpdateExpression: "SET expiresAtMs = :past REMOVE #owner",
    ConditionExpression: "#owner = :owner AND fencingToken = :token",
    ExpressionAttributeNames: { "#owner": "owner" },
    ExpressionAttributeValues: { ":owner": lease.owner, ":token": lease.fencingToken, ":past": 0 },
  });
  await unlessRefused(() => DynamoDBDocumentClient.from(client).send(update));
}

/** Whether somebody holds it now. Not for deciding to act: only `takeLease` does that. */
export async function isLeaseHeld({ client, tableName, now }: LeaseTable, name: string): Promise<boolean> {
  const { Item } = await DynamoDBDocumentClient.from(client).send(
    new GetCommand({ TableName: tableName, Key: { id: leaseId(name) }, ConsistentRead: true }),
  );
  return Item !== undefined && (Item.expiresAtMs as number) > now();
}

/** The item that a lease lies in; a write that must be fenced names it in a transaction's condition check. */
export function leaseId(name: string): string {
  return `lease#${name}`;
}

async function unlessRefused<T>(send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
