import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type Lease, type LeaseTable, leaseId } from "../lease";
import type { ApplianceRecord } from "./world";

/** The lease under which a switch is made. */
export const SWITCH_LEASE = "switch";

const RECORD_KEY = { id: "record" };

/** Read consistently: a run that has begun must be seen. */
export async function readRecord({ client, tableName }: LeaseTable): Promise<ApplianceRecord> {
  const { Item } = await DynamoDBDocumentClient.from(client).send(
    new GetCommand({ TableName: tableName, Key: RECORD_KEY, ConsistentRead: true }),
  );
  if (!Item) return {};
  const { id: _, ...record } = Item;
  return record as ApplianceRecord;
}

type Change = { readonly [K in keyof ApplianceRecord]?: ApplianceRecord[K] | null };

/**
 * Sets what is given and removes what is null, all or nothing, and only while the lease is the writer's: who has been
 * replaced can't overwrite what its successor wrote.
 * @throws TransactionCanceledException where the lease was lost
 */
export async function writeRecord({ client, tableName }: LeaseTable, lease: Lease, change: Change): Promise<void> {
  await DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }).send(
    new TransactWriteCommand({
      TransactItems: [
        {
          ConditionCheck: {
            TableName: tableName,
            Key: { id: leaseId(lease.name) },
            ConditionExpression: "#owner = :owner AND fencingToken = :token",
            ExpressionAttributeNames: { "#owner": "owner" },
            ExpressionAttributeValues: { ":owner": lease.owner, ":token": lease.fencingToken },
          },
        },
        { Update: { TableName: tableName, Key: RECORD_KEY, ...toExpression(change) } },
      ],
    }),
  );
}

/** Needs no lease: it is one attribute, which no run writes. */
export async function writeMaintenance(
  { client, tableName }: LeaseTable,
  maintenance: ApplianceRecord["maintenance"],
): Promise<void> {
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: tableName,
      Key: RECORD_KEY,
      ...toExpression({ maintenance: maintenance ?? null }),
    }),
  );
}

function toExpression(change: Change) {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined);
  const [set, remove] = [entries.filter(([, value]) => value !== null), entries.filter(([, value]) => value === null)];
  const list = (of: typeof entries, render: (key: string) => string) => of.map(([key]) => render(key)).join(", ");
  return {
    UpdateExpression: [
      ...(set.length > 0 ? [`SET ${list(set, (key) => `#${key} = :${key}`)}`] : []),
      ...(remove.length > 0 ? [`REMOVE ${list(remove, (key) => `#${key}`)}`] : []),
    ].join(" "),
    ExpressionAttributeNames: Object.fromEntries(entries.map(([key]) => [`#${key}`, key])),
    ...(set.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(set.map(([key, value]) => [`:${key}`, value])),
    }),
  };
}
