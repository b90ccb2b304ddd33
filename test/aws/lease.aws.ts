import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type LeaseTable, releaseLease, renewLease, takeLease } from "../../functions/common/lease";
import { resetMoto } from "./moto";

const client = new DynamoDBClient({});

async function makeTable(): Promise<{ table: LeaseTable; pass: (seconds: number) => void }> {
  await resetMoto();
  await client.send(
    new CreateTableCommand({
      TableName: "leases",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const clock = { ms: 1_800_000_000_000 };
  return {
    table: { client, tableName: "leases", now: () => clock.ms },
    pass: (seconds) => {
      clock.ms += seconds * 1000;
    },
  };
}

test("gives a lease to one of many that ask at once", async () => {
  const { table } = await makeTable();
  const taken = await Promise.all(Array.from({ length: 50 }, (_, at) => takeLease(table, "x", `run-${at}`, 30)));
  expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
});

test("gives the same run the same token again", async () => {
  const { table } = await makeTable();
  expect((await takeLease(table, "x", "a", 30))?.fencingToken).toBe(1);
  expect((await takeLease(table, "x", "a", 30))?.fencingToken).toBe(1);
});

test("is taken over after its end with a higher token, and its old owner can neither renew nor release it", async () => {
  const { table, pass } = await makeTable();
  const old = await takeLease(table, "x", "a", 30);
  pass(29);
  expect(await takeLease(table, "x", "b", 30)).toBeUndefined();
  pass(1);
  const taken = await takeLease(table, "x", "b", 30);
  expect(taken?.fencingToken).toBe(2);
  expect(old && (await renewLease(table, old, 30))).toBeUndefined();
  if (old) await releaseLease(table, old);
  expect(await takeLease(table, "x", "c", 30)).toBeUndefined();
});

test("lets the next one in at once when it is released, and keeps the token rising", async () => {
  const { table } = await makeTable();
  const first = await takeLease(table, "x", "a", 30);
  if (first) await releaseLease(table, first);
  expect((await takeLease(table, "x", "b", 30))?.fencingToken).toBe(2);
});

test("keeps leases of different names apart", async () => {
  const { table } = await makeTable();
  expect(await takeLease(table, "x", "a", 30)).toBeDefined();
  expect(await takeLease(table, "y", "b", 30)).toBeDefined();
});
