import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { notify } from "../../functions/chat-notifier/core";
import { dynamoNotebook } from "../../functions/chat-notifier/dynamo-notebook";
import { UnavailableError } from "../../functions/common/errors";
import { delivery, fakeTools, ociEvent } from "../functions/chat-notifier/tools";
import { resetMoto } from "./moto";

const client = new DynamoDBClient({});

beforeEach(async () => {
  await resetMoto();
  await client.send(
    new CreateTableCommand({
      TableName: "memory",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
});

afterAll(() => client.destroy());

/** So many alarms at once, in the queue's batches. */
function outageBatches(count: number) {
  const all = Array.from({ length: count }, (_, index) =>
    delivery(
      ociEvent({
        alarm: `oci:alarm-${index}`,
        idempotencyKey: `oci:firing-${index}`,
        label: { kakehashi: 1, site: "demo", kind: "all-down", connection: `site-${index}` },
      }),
    ),
  );
  return Array.from({ length: Math.ceil(count / 10) }, (_, batch) => all.slice(batch * 10, batch * 10 + 10));
}

/** Two runs at a time, as the event source mapping has them; time passes only while somebody waits for more to join. */
async function runAll(batches: ReturnType<typeof outageBatches>, tools: ReturnType<typeof fakeTools>) {
  const waiting = [...batches];
  const shared = {
    ...tools.tools,
    notebook: dynamoNotebook("memory", tools.tools.now, client),
    sleep: async (milliseconds: number) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (waiting.length === 0) tools.clock.nowMs += milliseconds;
    },
  };
  const failed: string[] = [];
  const run = async () => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) failed.push(...(await notify(batch, shared)));
  };
  await Promise.all([run(), run()]);
  return failed;
}

test("a burst of 200 alarms is one message, with two runs at a time on one table", async () => {
  const tools = fakeTools();
  expect(await runAll(outageBatches(200), tools)).toEqual([]);
  expect(tools.told.map(({ message }) => message.headline)).toEqual(["200 alarms at once"]);
  expect(tools.told[0]?.message.text.split("\n").sort()).toEqual(
    Array.from({ length: 200 }, (_, index) => `site-${index}: all tunnels are down`).sort(),
  );
}, 120_000);

test("a burst that the chat does not take is told whole when its first member comes again", async () => {
  let isUp = false;
  const tools = fakeTools(async () => {
    if (!isUp) throw new UnavailableError("chat server: answered 503");
    return "thread";
  });
  const batches = outageBatches(40);
  const failed = await runAll(batches, tools);
  expect(failed).toHaveLength(1);
  isUp = true;
  expect(await runAll([batches.flat().filter(({ id }) => failed.includes(id))], tools)).toEqual([]);
  expect(tools.told.map(({ message }) => message.headline)).toEqual(["40 alarms at once"]);
}, 120_000);
