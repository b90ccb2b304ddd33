import { DeleteParameterCommand, DescribeParametersCommand, GetParameterCommand } from "@aws-sdk/client-ssm";
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { ask, askUntilAnswered, PREVIOUS_TOKEN, startWorld, TOKEN, type World } from "./activations-world";

const worlds: World[] = [];

async function world(...args: Parameters<typeof startWorld>): Promise<World> {
  const made = await startWorld(...args);
  worlds.push(made);
  return made;
}

afterEach(async () => {
  for (const one of worlds.splice(0)) {
    // Whatever happened: no code, and no token, in any log.
    const log = one.gateway.functions.names.map((name) => one.gateway.functions.log(name)).join("\n");
    for (const { code } of one.service.activations.values()) expect(log).not.toContain(code);
    expect(log).not.toContain(TOKEN);
    await one.stop();
  }
});

const PAIR = {
  activationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  activationCode: expect.stringMatching(/^[0-9a-f]{20}$/),
  region: "ap-northeast-1",
  expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
};

test("200 callers at once on an empty account: one activation is made, and its code is handed out 200 times", async () => {
  const here = await world({ REGISTRATION_LIMIT: "1000" });
  const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => askUntilAnswered(here, `server-${at}`)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(answers[0]?.body).toEqual(PAIR);
  expect(new Set(answers.map(({ body }) => body.activationId)).size).toBe(1);
  expect(here.service.made).toBe(1);
  expect((await state(here)).handedOut).toBe(200);
}, 900_000);

test("1,000 callers over activations of 100: no code is handed out more often than it registers, and every server registers", async () => {
  const here = await world({ REGISTRATION_LIMIT: "100" });
  const recorded: unknown[] = [];
  const registered = await inTurns(1000, 40, async (at) => {
    const { status, body } = await askUntilAnswered(here, `server-${at}`);
    expect(status).toBe(200);
    recorded.push(await takeRecord(here, body.activationId, `server-${at}`));
    return { id: body.activationId as string, node: here.service.register(body.activationId, body.activationCode) };
  });
  expect(registered.filter(({ node }) => node === undefined)).toEqual([]);
  const uses = new Map<string, number>();
  for (const { id } of registered) uses.set(id, (uses.get(id) ?? 0) + 1);
  expect(Math.max(...uses.values())).toBeLessThanOrEqual(100);
  // A tenth of each is left when the next is made.
  expect(here.service.made).toBeGreaterThanOrEqual(10);
  expect(here.service.made).toBeLessThanOrEqual(13);
  expect(recorded).toHaveLength(1000);
  expect(recorded).not.toContain(undefined);
}, 900_000);

test("the same attempt asked again is the same hand-out; another attempt counts", async () => {
  const here = await world();
  const first = await ask(here, "server", { attempt: "a" });
  expect((await ask(here, "server", { attempt: "a" })).body).toEqual(first.body);
  expect((await state(here)).handedOut).toBe(1);
  await ask(here, "server", { attempt: "b" });
  expect((await state(here)).handedOut).toBe(2);
});

test("GET tells the state without the code", async () => {
  const here = await world();
  const get = async () => {
    const answer = await fetch(`${here.gateway.url()}/activations`, { headers: { Authorization: `Bearer ${TOKEN}` } });
    return { status: answer.status, body: await answer.json() };
  };
  expect(await get()).toEqual({
    status: 200,
    body: {
      region: "ap-northeast-1",
      activationId: null,
      expiresAt: null,
      registrationLimit: 50,
      handedOut: 0,
      condition: "must-renew",
    },
  });
  const { body: pair } = await ask(here, "server");
  expect(await get()).toEqual({
    status: 200,
    body: {
      region: "ap-northeast-1",
      activationId: pair.activationId,
      expiresAt: pair.expiresAt,
      registrationLimit: 50,
      handedOut: 1,
      condition: "good",
    },
  });
});

test.each([
  ["no token", undefined, 401],
  ["a token of another form", "short", 401],
  ["a wrong token", "x".repeat(48), 403],
  ["the token before the last rotation", PREVIOUS_TOKEN, 200],
])("answers %s", async (_, token, status) => {
  const here = await world();
  const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const body = JSON.stringify({ machine: "server", attempt: "1" });
  const answer = await fetch(`${here.gateway.url()}/activations`, { method: "POST", headers, body });
  expect(answer.status).toBe(status);
  expect(here.service.made).toBe(status === 200 ? 1 : 0);
});

test.each([
  ['{"machine":"a"}'],
  ['{"machine":"$(id)","attempt":"1"}'],
  ['{"machine":"a","attempt":"1","more":1}'],
  ['{"machine":"a","attempt":"1","rejectedActivationId":"../x"}'],
  ["not json"],
])("refuses the body %s and makes nothing", async (body) => {
  const here = await world();
  const headers = { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" };
  const answer = await fetch(`${here.gateway.url()}/activations`, { method: "POST", headers, body });
  expect({ status: answer.status, body: await answer.json() }).toEqual({
    status: 400,
    body: { message: "Invalid request body" },
  });
  expect(here.service.made).toBe(0);
});

test("keeps out whoever comes by another endpoint, or from another prefix", async () => {
  for (const caller of [
    { sourceIp: "10.0.2.7" },
    { sourceIp: "10.0.2.7", vpcEndpointId: "vpce-0ffffffffffffffff" },
    { sourceIp: "10.9.9.9", vpcEndpointId: "vpce-0123456789abcdef0" },
  ]) {
    const here = await world({}, { caller: () => caller });
    expect((await ask(here, "server")).status).toBe(403);
  }
});

test("a function that is killed while it holds the lease: taken over with a higher token, the stale writer refused", async () => {
  const here = await world({}, { environments: 2, invocationsPerEnvironment: 1 });
  // It holds the lease and waits for SSM, which takes its time.
  here.front.delays.set("CreateActivation", 60_000);
  const dying = ask(here, "server-1");
  await until(async () => (here.front.calls.get("CreateActivation") ?? 0) > 0);
  const before = await lease(here);
  here.gateway.functions.kill(here.functionName);
  expect(await dying).toMatchObject({ status: 503, retryAfter: "30" });
  here.front.delays.clear();
  // While the dead one's lease lasts nobody goes on without it.
  const early = await ask(here, "server-2");
  expect(early).toEqual({
    status: 503,
    body: { message: "lease-held", requestId: expect.any(String) },
    retryAfter: "5",
  });
  await endLease(here);
  const after = await ask(here, "server-2");
  expect(after.status).toBe(200);
  expect((await lease(here)).fencingToken).toBe(before.fencingToken + 1);
  expect(await state(here)).toMatchObject({ generation: before.fencingToken + 1 });
});

test("a writer whose lease ran out while SSM was slow is refused, and takes back what it made", async () => {
  const here = await world({}, { environments: 2, invocationsPerEnvironment: 1 });
  here.front.delays.set("CreateActivation", 3_000);
  const slow = ask(here, "server-1");
  await until(async () => (here.front.calls.get("CreateActivation") ?? 0) > 0);
  here.front.delays.clear();
  await endLease(here);
  const quick = await ask(here, "server-2");
  expect(quick.status).toBe(200);
  expect(await slow).toMatchObject({ status: 503, body: { message: "lease-lost" }, retryAfter: "2" });
  expect(here.service.made).toBe(2);
  expect([...here.service.activations.keys()]).toEqual([quick.body.activationId]);
  expect(await parameters(here)).toEqual([`/kakehashi/demo/activations/servers/${quick.body.activationId}`]);
  expect(await state(here)).toMatchObject({ activationId: quick.body.activationId, generation: 2, handedOut: 1 });
});

test("a parameter that was deleted behind its back: a new activation is made, the old one is retired", async () => {
  const here = await world({}, { environments: 1, invocationsPerEnvironment: 1 });
  const first = await ask(here, "server-1");
  await here.ssm.send(
    new DeleteParameterCommand({ Name: `/kakehashi/demo/activations/servers/${first.body.activationId}` }),
  );
  here.gateway.functions.kill(here.functionName);
  const second = await ask(here, "server-2");
  expect(second.status).toBe(200);
  expect(second.body.activationId).not.toBe(first.body.activationId);
  expect((await state(here)).retired).toEqual([expect.objectContaining({ activationId: first.body.activationId })]);
});

test("an activation that was deleted behind its back: the server that is refused by SSM says so, and gets a new one", async () => {
  const here = await world();
  const first = await ask(here, "server-1");
  here.service.activations.delete(first.body.activationId);
  const second = await ask(here, "server-1", { attempt: "2", rejectedActivationId: first.body.activationId });
  expect(second.status).toBe(200);
  expect(second.body.activationId).not.toBe(first.body.activationId);
  expect(here.service.register(second.body.activationId, second.body.activationCode)).toMatch(/^mi-/);
});

test("a rejection that SSM does not confirm makes nothing new", async () => {
  const here = await world();
  const first = await ask(here, "server-1");
  const again = await ask(here, "server-1", { attempt: "2", rejectedActivationId: first.body.activationId });
  expect(again.body.activationId).toBe(first.body.activationId);
  expect(here.service.made).toBe(1);
});

test("old activations are deleted once their codes are used, with their parameters", async () => {
  const here = await world({ REGISTRATION_LIMIT: "2" });
  for (let at = 0; at < 7; at++) {
    const { body } = await ask(here, `server-${at}`);
    expect(here.service.register(body.activationId, body.activationCode)).toMatch(/^mi-/);
  }
  const { retired } = await state(here);
  expect(here.service.made).toBe(4);
  expect(here.service.activations.size).toBe(1 + retired.length);
  expect(retired).toHaveLength(1);
  expect(await parameters(here)).toHaveLength(2);
});

test("an old activation with a code that is not used yet stays until it is", async () => {
  const here = await world({ REGISTRATION_LIMIT: "2" });
  const late = await ask(here, "late");
  for (let at = 0; at < 6; at++) {
    const { body } = await ask(here, `server-${at}`);
    here.service.register(body.activationId, body.activationCode);
  }
  expect(here.service.activations.has(late.body.activationId)).toBe(true);
  expect(here.service.register(late.body.activationId, late.body.activationCode)).toMatch(/^mi-/);
});

test.each([
  ["KMS denies the new code", "PutParameter", "AccessDeniedException", "code-denied", "300"],
  ["the key is disabled", "PutParameter", "KMSInvalidStateException", "code-denied", "300"],
  ["Parameter Store fails", "PutParameter", "TooManyUpdates", "throttled", "30"],
  ["SSM throttles", "CreateActivation", "ThrottlingException", "throttled", "30"],
  ["SSM refuses", "CreateActivation", "InvalidParameters", "activation-refused", "60"],
  ["DynamoDB is throttled", "TransactWriteItems", "ProvisionedThroughputExceededException", "throttled", "5"],
])(
  "%s: 503, nothing left behind, the lease released, and the next call works",
  async (_, operation, error, fault, retryAfter) => {
    const here = await world();
    here.front.faults.set(operation, { error, message: "secret-of-the-service" });
    const answer = await ask(here, "server");
    expect(answer).toEqual({ status: 503, body: { message: fault, requestId: expect.any(String) }, retryAfter });
    expect(here.service.activations.size).toBe(0);
    expect(await parameters(here)).toEqual([]);
    expect(here.gateway.functions.log(here.functionName)).not.toContain("secret-of-the-service");
    here.front.faults.clear();
    expect((await ask(here, "server")).status).toBe(200);
  },
);

test("KMS denies reading: 503 for as long, no new activation for it, and the log names the fault", async () => {
  const here = await world({}, { environments: 1, invocationsPerEnvironment: 1 });
  await ask(here, "server-1");
  here.gateway.functions.kill(here.functionName);
  here.front.faults.set("GetParameter", { error: "AccessDeniedException" });
  expect(await ask(here, "server-2")).toMatchObject({
    status: 503,
    body: { message: "code-denied" },
    retryAfter: "300",
  });
  expect(here.service.made).toBe(1);
  expect(here.gateway.functions.log(here.functionName)).toContain('"fault":"code-denied"');
  here.front.faults.clear();
  expect((await ask(here, "server-2")).status).toBe(200);
});

test("an early renewal that fails costs the caller nothing", async () => {
  const here = await world({ REGISTRATION_LIMIT: "10" });
  for (let at = 0; at < 8; at++) await ask(here, `server-${at}`);
  here.front.faults.set("CreateActivation", { error: "ThrottlingException" });
  expect((await ask(here, "server-8")).status).toBe(200);
  expect((await ask(here, "server-9")).status).toBe(200);
  expect(await ask(here, "server-10")).toMatchObject({ status: 503, body: { message: "throttled" } });
  here.front.faults.clear();
  expect((await ask(here, "server-10")).status).toBe(200);
});

test("a warm function hands out with one call to AWS, which counts and records in one", async () => {
  const here = await world({}, { environments: 1, invocationsPerEnvironment: 1 });
  await ask(here, "server-0");
  here.front.calls.clear();
  for (let at = 1; at <= 20; at++) expect((await ask(here, `server-${at}`)).status).toBe(200);
  expect(Object.fromEntries(here.front.calls)).toEqual({ TransactWriteItems: 20 });
});

test("the code lies encrypted under the key, and SSM has the role, limit, expiry and tags of the site file", async () => {
  const here = await world();
  const { body } = await ask(here, "server");
  const Name = `/kakehashi/demo/activations/servers/${body.activationId}`;
  const { Parameter } = await here.ssm.send(new GetParameterCommand({ Name, WithDecryption: false }));
  expect(Parameter).toMatchObject({ Type: "SecureString", Value: expect.stringMatching(/^kms:/) });
  const made = here.service.activations.get(body.activationId);
  expect(made).toMatchObject({
    RegistrationLimit: 50,
    IamRole: "demo-activations-servers-nodes",
    DefaultInstanceName: "campus server",
    Tags: [
      { Key: "room", Value: "server room 2" },
      { Key: "site", Value: "demo" },
      { Key: "managed-by", Value: "kakehashi" },
    ],
  });
  const days = (Number(made?.ExpirationDate) - Date.now() / 1000) / 86_400;
  expect(days).toBeGreaterThan(13.9);
  expect(days).toBeLessThan(14);
});

async function item(here: World, id: string): Promise<any> {
  const read = new GetCommand({ TableName: here.tableName, Key: { id }, ConsistentRead: true });
  return (await DynamoDBDocumentClient.from(here.dynamo).send(read)).Item;
}

const state = (here: World) => item(here, "current");
const lease = (here: World) => item(here, "lease#activation");

async function parameters(here: World): Promise<string[]> {
  const { Parameters } = await here.ssm.send(new DescribeParametersCommand({}));
  return (Parameters ?? []).map(({ Name }) => Name as string);
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200 && !(await isTrue()); tries++) await new Promise((go) => setTimeout(go, 50));
}

/** So many at a time. */
async function inTurns<T>(count: number, width: number, work: (at: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const next = { at: 0 };
  const worker = async () => {
    for (let at = next.at++; at < count; at = next.at++) results[at] = await work(at);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** What is kept of a hand-out, read and removed: moto copies the whole table for each transaction, which a thousand would make slow. */
async function takeRecord(here: World, activationId: string, machine: string): Promise<unknown> {
  const remove = new DeleteCommand({
    TableName: here.tableName,
    Key: { id: `handed-out#${activationId}#${machine}#1` },
    ReturnValues: "ALL_OLD",
  });
  return (await DynamoDBDocumentClient.from(here.dynamo).send(remove)).Attributes?.at;
}

/** As if its seconds had passed. */
async function endLease(here: World): Promise<void> {
  await DynamoDBDocumentClient.from(here.dynamo).send(
    new UpdateCommand({
      TableName: here.tableName,
      Key: { id: "lease#activation" },
      UpdateExpression: "SET expiresAtMs = :past",
      ExpressionAttributeValues: { ":past": 1 },
    }),
  );
}
