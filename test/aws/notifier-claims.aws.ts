import {
  type BatchExecuteStatementCommandInput,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type Claim, type ClaimTable, releaseClaims, takeClaims } from "../../functions/s2s-notifier/claims";
import { type DynamoDbStandIn, startDynamoDbStandIn } from "../helpers/dynamodb-stand-in";
import { resetMoto } from "./moto";

// moto's PartiQL takes no parameters in an INSERT: there each becomes the PutItem that it stands for, on the condition that the
// key is new. All else is moto's own.

const running: DynamoDbStandIn[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

interface World {
  readonly table: ClaimTable;
  readonly clock: { ms: number };
  /** Ids that have a final result, by the object. */
  readonly finals: Map<string, Set<string>>;
}

async function onMoto(): Promise<World> {
  await resetMoto();
  const client = new DynamoDBClient({});
  await client.send(
    new CreateTableCommand({
      TableName: "claims",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  return world(withInsert(client));
}

function withInsert(client: DynamoDBClient): DynamoDBClient {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== "BatchExecuteStatementCommand") return next(args);
        const { Statements = [] } = args.input as BatchExecuteStatementCommandInput;
        const Responses = await Promise.all(
          Statements.map(async ({ Parameters: [id, object, untilMs, forgetAt] = [] }) => {
            const item = { id, object, untilMs, forgetAt } as Record<string, { S: string }>;
            const put = new PutItemCommand({
              TableName: "claims",
              Item: item,
              ConditionExpression: "attribute_not_exists(id)",
            });
            try {
              await client.send(put);
              return {};
            } catch (error) {
              if (error instanceof ConditionalCheckFailedException)
                return { Error: { Code: "DuplicateItem" as const } };
              throw error;
            }
          }),
        );
        return { output: { $metadata: {}, Responses }, response: {} };
      },
    { step: "initialize" },
  );
  return client;
}

async function onStandIn(): Promise<World> {
  const standIn = await startDynamoDbStandIn();
  running.push(standIn);
  return world(new DynamoDBClient({ endpoint: standIn.url }));
}

function world(client: DynamoDBClient): World {
  const clock = { ms: 1_800_000_000_000 };
  const finals = new Map<string, Set<string>>();
  const finalIds = async (object: string) => finals.get(object) ?? new Set<string>();
  return { table: { client, tableName: "claims", now: () => clock.ms, finalIds }, clock, finals };
}

const claimOf = ({ clock }: World, object: string): Claim => ({
  object,
  untilMs: clock.ms + 60_000,
  forgetAtSeconds: clock.ms / 1000 + 86_400,
});

const ids = (count: number) => Array.from({ length: count }, (_, at) => `id-${at}`);
const kinds = (answers: ReadonlyMap<string, { kind: string }>) => [
  ...new Set([...answers.values()].map(({ kind }) => kind)),
];

describe.each([
  ["moto", onMoto],
  ["the stand-in", onStandIn],
])("on %s", (_, make) => {
  test("gives every id that nobody has, in more than one request", async () => {
    const made = await make();
    const answers = await takeClaims(made.table, ids(60), claimOf(made, "a"));
    expect([answers.size, kinds(answers)]).toEqual([60, ["mine"]]);
  });

  test("gives what was given back to the next", async () => {
    const made = await make();
    await takeClaims(made.table, ids(60), claimOf(made, "a"));
    await releaseClaims(made.table, ids(60));
    expect(kinds(await takeClaims(made.table, ids(60), claimOf(made, "b")))).toEqual(["mine"]);
  });

  test("an id that another batch is at is busy until that batch's function is dead", async () => {
    const made = await make();
    await takeClaims(made.table, ids(3), claimOf(made, "a"));
    made.clock.ms += 59_999;
    const answers = await takeClaims(made.table, ids(3), claimOf(made, "b"));
    expect(answers.get("id-0")).toEqual({ kind: "busy", untilMs: 1_800_000_060_000 });
  });

  test("of a dead batch, what has its final result is done, and the rest is taken over", async () => {
    const made = await make();
    await takeClaims(made.table, ids(3), claimOf(made, "a"));
    made.finals.set("a", new Set(["id-1"]));
    made.clock.ms += 60_001;
    const answers = await takeClaims(made.table, ids(3), claimOf(made, "b"));
    expect([...answers].sort()).toEqual([
      ["id-0", { kind: "mine" }],
      ["id-1", { kind: "done" }],
      ["id-2", { kind: "mine" }],
    ]);
    expect(kinds(await takeClaims(made.table, ["id-0"], claimOf(made, "c")))).toEqual(["busy"]);
  });

  test("of many that would take over one id, one does", async () => {
    const made = await make();
    await takeClaims(made.table, ["id-0"], claimOf(made, "a"));
    made.clock.ms += 60_001;
    const answers = await Promise.all(ids(20).map((object) => takeClaims(made.table, ["id-0"], claimOf(made, object))));
    expect(answers.filter((answer) => answer.get("id-0")?.kind === "mine")).toHaveLength(1);
  });

  test("of many that ask for a new id at once, one has it", async () => {
    const made = await make();
    const answers = await Promise.all(ids(20).map((object) => takeClaims(made.table, ids(30), claimOf(made, object))));
    for (const id of ids(30)) expect(answers.filter((answer) => answer.get(id)?.kind === "mine")).toHaveLength(1);
  });

  test("a request that was made twice stays its batch's own", async () => {
    const made = await make();
    await takeClaims(made.table, ids(3), claimOf(made, "a"));
    expect(kinds(await takeClaims(made.table, ids(3), claimOf(made, "a")))).toEqual(["mine"]);
  });

  test("what is forgotten is new, though DynamoDB still has it and its result is still there", async () => {
    const made = await make();
    await takeClaims(made.table, ["id-0"], claimOf(made, "a"));
    made.finals.set("a", new Set(["id-0"]));
    made.clock.ms += 86_400_000;
    expect(kinds(await takeClaims(made.table, ["id-0"], claimOf(made, "b")))).toEqual(["mine"]);
  });
});
