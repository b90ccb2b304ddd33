import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Note, Notebook } from "./notebook";

/** Alarms that fire for longer than this are said anew when they end, outside of their thread. */
const KEPT_SECONDS = 30 * 24 * 3600;

/** A table with the string key `id`; DynamoDB removes items after their `expiresAt`. */
export function dynamoNotebook(tableName: string, now: () => number, client = new DynamoDBClient({})): Notebook {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    read: async <T>(id: string) => {
      const { Item } = await documents.send(
        new GetCommand({ TableName: tableName, Key: { id }, ConsistentRead: true }),
      );
      return Item && ({ value: Item.value, version: Item.version } as Note<T>);
    },
    write: async (id, value, expected) => {
      const expiresAt = Math.floor(now() / 1000) + KEPT_SECONDS;
      const put = new PutCommand({
        TableName: tableName,
        Item: { id, value, version: (expected ?? 0) + 1, expiresAt },
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
