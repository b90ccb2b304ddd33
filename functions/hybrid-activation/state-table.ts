import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { type Lease, type LeaseTable, leaseId } from "../common/lease";
import { isThrottling, Unavailable } from "./errors";
import { type ActivationState, LEAST_USABLE_MS } from "./state";

/** Who asked, for the record. */
export interface Caller {
  /** The machine's own name for itself. */
  readonly machine: string;
  /** The same in every retry of one registration: the same attempt is counted once. */
  readonly attempt: string;
  readonly sourceIp: string;
  /** Whom the authorizer took it for; empty without one. */
  readonly principal: string;
}

const STATE_ID = "current";

/** Records outlive their activation by a year. */
const RECORD_SECONDS = 365 * 86_400;

/** Two writers at the same item in one moment: DynamoDB cancels one of them. */
const CONFLICT_RETRIES = 8;

export async function readState({ client, tableName }: LeaseTable): Promise<ActivationState | undefined> {
  const read = new GetCommand({ TableName: tableName, Key: { id: STATE_ID }, ConsistentRead: true });
  const { Item } = await DynamoDBDocumentClient.from(client).send(read);
  if (!Item) return undefined;
  const { id: _, replacedHandedOut, ...state } = Item;
  const [replaced, ...older] = (state as ActivationState).retired;
  const retired = replaced ? [{ ...replaced, handedOut: replacedHandedOut as number }, ...older] : [];
  return { ...(state as ActivationState), retired };
}

/**
 * Counts one code as handed out and records for whom, both or neither.
 * @returns "reserved" (also for an attempt that was counted before), or "changed" where the activation is used up, too old or another one by now
 * @throws Unavailable where too many write at once
 */
export async function reserve(
  table: LeaseTable,
  activationId: string,
  caller: Caller,
  wait: (milliseconds: number) => Promise<void>,
): Promise<"reserved" | "changed"> {
  const nowMs = table.now();
  const update = {
    TableName: table.tableName,
    Key: { id: STATE_ID },
    UpdateExpression: "ADD handedOut :one",
    ConditionExpression: "activationId = :activation AND handedOut < registrationLimit AND expiresAtMs > :usable",
    ExpressionAttributeValues: { ":one": 1, ":activation": activationId, ":usable": nowMs + LEAST_USABLE_MS },
  };
  const record = {
    TableName: table.tableName,
    Item: {
      id: `handed-out#${activationId}#${caller.machine}#${caller.attempt}`,
      ...caller,
      activationId,
      at: new Date(nowMs).toISOString(),
      deleteAfter: Math.floor(nowMs / 1000) + RECORD_SECONDS,
    },
    ConditionExpression: "attribute_not_exists(id)",
  };
  for (let tries = 0; tries < CONFLICT_RETRIES; tries++) {
    const [onUpdate, onRecord] = await transact(table, [{ Update: update }, { Put: record }]);
    if (onUpdate === "ConditionalCheckFailed" && onRecord === "ConditionalCheckFailed") {
      // Counted before, and used up since: what was promised is kept as long as the activation is the same.
      const state = await readState(table);
      return state?.activationId === activationId && state.expiresAtMs > nowMs ? "reserved" : "changed";
    }
    if (onUpdate === "ConditionalCheckFailed") return "changed";
    if (onUpdate === "None" && (onRecord === "None" || onRecord === "ConditionalCheckFailed")) return "reserved";
    await wait(20 * 2 ** tries);
  }
  throw new Unavailable("busy", 2);
}

/**
 * Puts a new activation in the old one's place, if the lease is still held.
 * @param next whose newest retired one is the one that it follows
 * @returns false where the lease was lost, or somebody with a higher token was here
 */
export async function replaceState(
  table: LeaseTable,
  lease: Lease,
  next: Omit<ActivationState, "generation">,
): Promise<boolean> {
  const holds = {
    TableName: table.tableName,
    Key: { id: leaseId(lease.name) },
    ConditionExpression: "#owner = :owner AND fencingToken = :token AND expiresAtMs > :now",
    ExpressionAttributeNames: { "#owner": "owner" },
    ExpressionAttributeValues: { ":owner": lease.owner, ":token": lease.fencingToken, ":now": table.now() },
  };
  const replace = {
    TableName: table.tableName,
    Key: { id: STATE_ID },
    // The old count is kept as it is in this very moment: a code may have been handed out since it was read.
    UpdateExpression: `SET replacedHandedOut = if_not_exists(handedOut, :none), handedOut = :none, activationId = :activation,
      registrationLimit = :limit, expiresAtMs = :expiry, generation = :token, retired = :retired`,
    ConditionExpression: "attribute_not_exists(id) OR generation < :token",
    ExpressionAttributeValues: {
      ":none": 0,
      ":activation": next.activationId,
      ":limit": next.registrationLimit,
      ":expiry": next.expiresAtMs,
      ":retired": next.retired,
      ":token": lease.fencingToken,
    },
  };
  for (let tries = 0; tries < CONFLICT_RETRIES; tries++) {
    const reasons = await transact(table, [{ ConditionCheck: holds }, { Update: replace }]);
    if (reasons.every((reason) => reason === "None")) return true;
    if (reasons.includes("ConditionalCheckFailed")) return false;
  }
  return false;
}

type Items = ConstructorParameters<typeof TransactWriteCommand>[0]["TransactItems"];

/** What DynamoDB says of each part: `None`, `ConditionalCheckFailed`, `TransactionConflict`. */
async function transact({ client, tableName: _ }: LeaseTable, items: NonNullable<Items>): Promise<string[]> {
  try {
    await DynamoDBDocumentClient.from(client).send(new TransactWriteCommand({ TransactItems: items }));
    return items.map(() => "None");
  } catch (error) {
    if (error instanceof TransactionCanceledException)
      return (error.CancellationReasons ?? []).map(({ Code }) => Code ?? "None");
    if (isThrottling(error)) throw new Unavailable("throttled", 5, "DynamoDB");
    throw error;
  }
}
