import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from "@aws-sdk/lib-dynamodb";
import { UnavailableError } from "../common/errors";
import type { Note, Notebook } from "./notebook";

/** Most of one call. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const MOST_READ = 100;
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MOST_WRITTEN = 25;

/** Alarms that fire for longer than this are said anew when they end, outside of their thread. */
const KEPT_SECONDS = 30 * 24 * 3600;

/** A table with the string key `id`; DynamoDB removes items after their `expiresAt`. */
export function dynamoNotebook(tableName: string, now: () => number, client = new DynamoDBClient({})): Notebook {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const expiresAt = () => Math.floor(now() / 1000) + KEPT_SECONDS;
  const readSome = async (ids: readonly string[]) => {
    const Keys = ids.map((id) => ({ id }));
    const { Responses, UnprocessedKeys } = await documents.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } }),
    );
    if (UnprocessedKeys?.[tableName]) throw new UnavailableError("state: the table is asked too much at once");
    return Responses?.[tableName] ?? [];
  };
  const writeSome = async (notes: readonly (readonly [string, Note<unknown> | undefined])[]) => {
    const requests = notes.map(([id, note]) =>
      note ? { PutRequest: { Item: { id, ...note, expiresAt: expiresAt() } } } : { DeleteRequest: { Key: { id } } },
    );
    const { UnprocessedItems } = await documents.send(
      new BatchWriteCommand({ RequestItems: { [tableName]: requests } }),
    );
    if (UnprocessedItems?.[tableName]) throw new UnavailableError("state: the table is asked too much at once");
  };
  return {
    readAll: async (ids) => {
      const items = await Promise.all(slices([...new Set(ids)], MOST_READ).map(readSome));
      return new Map(items.flat().map(({ id, value, version }) => [id as string, { value, version }]));
    },
    writeAll: async (notes) => {
      await Promise.all(slices([...notes], MOST_WRITTEN).map(writeSome));
    },
    read: async <T>(id: string) => {
      const { Item } = await documents.send(
        new GetCommand({ TableName: tableName, Key: { id }, ConsistentRead: true }),
      );
      return Item && ({ value: Item.value, version: Item.version } as Note<T>);
    },
    write: async (id, value, expected) => {
      const put = new PutCommand({
        TableName: tableName,
        Item: { id, value, version: (expected ?? 0) + 1, expiresAt: expiresAt() },
        ...(expected === undefined
          ? { ConditionExpression: "attribute_not_exists(id)" }
          : {
              ConditionExpression: "version = :expected",
              ExpressionAttributeValues: { ":expected": expected },
            }),
      });
      return documents.send(put).then(
        () => true,
        (error) => {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        },
      );
    },
    remove: async (id) => {
      await documents.send(new DeleteCommand({ TableName: tableName, Key: { id } }));
    },
  };
}

function slices<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, at) => all.slice(at * most, at * most + most));
}
