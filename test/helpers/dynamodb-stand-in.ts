import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

type Item = Record<string, { S?: string; N?: string }>;

/** DynamoDB's answers to what the notifier asks of its table, in memory: moto's PartiQL reads whole tables and refuses no double. */
export interface DynamoDbStandIn {
  readonly url: string;
  readonly items: ReadonlyMap<string, Item>;
  /** Requests by their name. */
  readonly requests: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

const ATTRIBUTES = ["id", "object", "untilMs", "forgetAt"] as const;

export async function startDynamoDbStandIn(delayMs = 0): Promise<DynamoDbStandIn> {
  const items = new Map<string, Item>();
  const requests = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      requests.set(operation, (requests.get(operation) ?? 0) + 1);
      const [status, body] = answer(items, operation, JSON.parse(Buffer.concat(chunks).toString()));
      const send = () =>
        response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
      if (delayMs > 0) setTimeout(send, delayMs);
      else send();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    items,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.insert.html (DuplicateItem) */
function answer(items: Map<string, Item>, operation: string, input: any): [number, object] {
  switch (operation) {
    case "BatchExecuteStatement":
      if (input.Statements.length > 25) return invalid("more than 25 statements");
      return [200, { Responses: input.Statements.map((one: any) => insert(items, one)) }];
    case "BatchGetItem": {
      const [[table, { Keys }]] = Object.entries<any>(input.RequestItems) as [[string, any]];
      if (Keys.length > 100) return invalid("more than 100 keys");
      return [
        200,
        { Responses: { [table]: Keys.flatMap(({ id }: any) => items.get(id.S) ?? []) }, UnprocessedKeys: {} },
      ];
    }
    case "BatchWriteItem": {
      const [writes] = Object.values<any>(input.RequestItems);
      if (writes.length > 25) return invalid("more than 25 requests");
      for (const { DeleteRequest } of writes) items.delete(DeleteRequest.Key.id.S);
      return [200, { UnprocessedItems: {} }];
    }
    case "UpdateItem": {
      const known = items.get(input.Key.id.S);
      const from = input.ExpressionAttributeValues[":from"]?.S;
      const holds = input.ConditionExpression === "attribute_not_exists(id)" ? !known : known?.object?.S === from;
      if (!holds)
        return [400, { __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", message: "x" }];
      const { ":object": object, ":until": untilMs, ":forget": forgetAt } = input.ExpressionAttributeValues;
      items.set(input.Key.id.S, { ...input.Key, object, untilMs, forgetAt });
      return [200, {}];
    }
    default:
      return invalid(`${operation} is not known here`);
  }
}

function insert(
  items: Map<string, Item>,
  { Statement, Parameters }: { Statement: string; Parameters: Item[string][] },
): object {
  if (!/^INSERT INTO "[\w.-]+" VALUE \{'id': \?, 'object': \?, 'untilMs': \?, 'forgetAt': \?\}$/.test(Statement))
    return { Error: { Code: "ValidationError", Message: Statement } };
  const item = Object.fromEntries(ATTRIBUTES.map((name, at) => [name, Parameters[at]])) as Item;
  const id = item.id?.S ?? "";
  if (items.has(id)) return { Error: { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" } };
  items.set(id, item);
  return { TableName: "claims" };
}

const invalid = (message: string): [number, object] => [
  400,
  { __type: "com.amazonaws.dynamodb.v20120810#ValidationException", message },
];
