// `npm run bench:activations`: handing out hybrid activations, by the function's own code and by the published way's logic, on the same
// emulated account: 200 servers at once on an empty account, then a warm function with nothing to make; and the floor, one call.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";
import { ROOT } from "./load-source.mjs";
import { handOutAsPublished, prepareAsPublished } from "./published-activations.mjs";

const CALLERS = 200;
const WARM_REQUESTS = 300;
const WARM_WIDTH = 4;
/** The site file's default; the published way has ten by heart. */
const LIMIT = 100;
const PUBLISHED_LIMIT = 10;
const TABLE = "bench-activations";
const MOST_TRIES = 50;
const say = (text) => process.stdout.write(`${text}\n`);

const SOURCE = `
export { handOut } from "./functions/hybrid-activation/core";
export { Unavailable } from "./functions/hybrid-activation/errors";
export { ActivationService } from "./lab/aws/activation-service";
export { startFront } from "./lab/aws/start-front";
export { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
export { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
export { CreateActivationCommand, DescribeActivationsCommand, GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
export { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
`;

const folder = mkdtempSync(join(tmpdir(), "kakehashi-bench-activations-"));

async function load() {
  const outfile = join(folder, "source.cjs");
  await build({
    absWorkingDir: ROOT,
    stdin: { contents: SOURCE, resolveDir: ROOT, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
  return createRequire(import.meta.url)(outfile);
}

/** A new account behind a front of its own that counts calls. */
async function startAccount(sdk) {
  const moto = process.env.AWS_ENDPOINT_URL;
  await fetch(`${moto}/moto-api/reset`, { method: "POST" });
  const service = new sdk.ActivationService();
  const front = await sdk.startFront(moto, service);
  const endpoint = { endpoint: front.url, requestHandler: { httpAgent: { maxSockets: CALLERS } } };
  const client = new sdk.DynamoDBClient(endpoint);
  const { KeyMetadata } = await new sdk.KMSClient(endpoint).send(new sdk.CreateKeyCommand({}));
  const dynamo = sdk.DynamoDBDocumentClient.from(client);
  const parts = { sdk, tableName: TABLE, client, dynamo, ssm: new sdk.SSMClient(endpoint), keyId: KeyMetadata.Arn };
  return { ...parts, service, front, wait: (milliseconds) => setTimeout(milliseconds) };
}

const settings = (registrationLimit, keyId) => ({
  tableName: TABLE,
  parameterPath: "/bench",
  kmsKeyId: keyId,
  nodeRole: "nodes",
  registrationLimit,
  expiryDays: 14,
  renewalMarginHours: 24,
  instanceName: "bench",
  tags: {},
});

/** This repository's way: asks again as its clients do. */
async function here(sdk, limit) {
  const account = await startAccount(sdk);
  await account.client.send(
    new sdk.CreateTableCommand({
      TableName: TABLE,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const { client, ssm, keyId, wait } = account;
  const seen = { withoutLock: 0, askedAgain: 0 };
  const shared = {
    settings: settings(limit, keyId),
    table: { client, tableName: TABLE, now: Date.now },
    ssm,
    codes: { ssm, path: "/bench", kmsKeyId: keyId },
    wait,
    log: { info: () => {}, warn: () => {} },
  };
  let runs = 0;
  const ask = async (machine, memory) => {
    const caller = { machine, attempt: "1", sourceIp: "10.0.2.7", principal: "current-token" };
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const until = Date.now() + 28_000;
      try {
        return await sdk.handOut(
          { ...shared, memory, remainingMs: () => until - Date.now() },
          { caller },
          `run-${runs++}`,
        );
      } catch (error) {
        if (!(error instanceof sdk.Unavailable)) throw error;
        seen.askedAgain += 1;
        await wait(error.retryAfterSeconds * (1000 + 500 * Math.random()));
      }
    }
    throw new Error(`${machine} got nothing`);
  };
  const forget = (machine, { activationId }) =>
    account.dynamo.send(
      new sdk.DeleteCommand({ TableName: TABLE, Key: { id: `handed-out#${activationId}#${machine}#1` } }),
    );
  return { account, seen, ask, forget };
}

async function published(sdk) {
  const account = await startAccount(sdk);
  await prepareAsPublished(account);
  const seen = { withoutLock: 0, inside: 0, mostInside: 0, askedAgain: 0 };
  return { account, seen, ask: () => handOutAsPublished({ ...account, seen }), forget: async () => {} };
}

async function timed(work) {
  const begun = process.hrtime.bigint();
  const result = await work();
  return { result, milliseconds: Number(process.hrtime.bigint() - begun) / 1e6 };
}

const p99 = (times) => [...times].sort((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1];
const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1);

/** Each caller in a process of its own, as Lambda would start them: nothing is remembered. Each registers with what it got. */
async function benchCrowd(name, way, limit) {
  const { account, seen, ask } = way;
  const whole = await timed(() =>
    Promise.all(
      Array.from({ length: CALLERS }, async (_, at) => {
        const { result } = await timed(() => ask(`server-${at}`, {}));
        return account.service.register(result.activationId, result.activationCode) !== undefined;
      }),
    ),
  );
  const refused = whole.result.filter((isRegistered) => !isRegistered).length;
  const needed = CALLERS / limit;
  say(`  ${name}: ${seconds(whole.milliseconds)} s`);
  say(
    `    activations made: ${account.service.made}, where ${needed} are needed; servers that SSM refused: ${refused}`,
  );
  const inside = seen.mostInside === undefined ? "1 (writes are fenced)" : String(seen.mostInside);
  say(
    `    went on without the lock: ${seen.withoutLock}; most at once inside it: ${inside}; asked again: ${seen.askedAgain}`,
  );
  await account.front.stop();
}

async function benchWarm(name, { account, ask, forget }, calledFor) {
  const memory = {};
  await forget("first", await ask("first", memory));
  account.front.calls.clear();
  const times = [];
  let next = 0;
  const counted = new Map();
  const worker = async () => {
    while (next < WARM_REQUESTS) {
      const machine = `warm-${next++}`;
      const { result, milliseconds } = await timed(() => ask(machine, memory));
      times.push(milliseconds);
      await forget(machine, result);
    }
  };
  await Promise.all(Array.from({ length: WARM_WIDTH }, worker));
  for (const [operation, count] of account.front.calls) if (operation !== "DeleteItem") counted.set(operation, count);
  const total = [...counted.values()].reduce((sum, count) => sum + count, 0);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  say(
    `  ${name}: ${((WARM_WIDTH * 1000) / mean).toFixed(0)} requests a second, p99 ${p99(times).toFixed(0)} ms, ` +
      `${(total / WARM_REQUESTS).toFixed(1)} calls a request (${calledFor ?? [...counted.keys()].join(", ")})`,
  );
  await account.front.stop();
}

/** What the emulator itself takes for one such call. */
async function floor(sdk) {
  const way = await here(sdk, 1000);
  const { tableName, dynamo } = way.account;
  const get = () => dynamo.send(new sdk.GetCommand({ TableName: tableName, Key: { id: "none" } }));
  return { ...way, ask: get, forget: async () => {} };
}

try {
  if (!process.env.AWS_ENDPOINT_URL) throw new Error("start it by `npm run bench:activations`");
  const sdk = await load();
  say(`${CALLERS} servers at once on an empty account; each registers with what it is told`);
  await benchCrowd("here", await here(sdk, LIMIT), LIMIT);
  await benchCrowd("published way", await published(sdk), PUBLISHED_LIMIT);
  say(`\nWarm, nothing to make: ${WARM_REQUESTS} requests, ${WARM_WIDTH} at a time`);
  await benchWarm("floor, one read", await floor(sdk));
  await benchWarm("here", await here(sdk, 1000));
  await benchWarm("published way", await published(sdk));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(process.exitCode ?? 0);
