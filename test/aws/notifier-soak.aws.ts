import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { parseSettings, renderSettings, SETTINGS_VARIABLE } from "../../functions/s2s-notifier/env";
import { type ResultLine, readResults } from "../../functions/s2s-notifier/results";
import { LambdaFunctions } from "../../lab/gateway/lambda-functions";
import { ACCOUNT_ID, createResolver } from "../../lab/gateway/references";
import { type NamedBlock, resourcesOf, type TerraformJson } from "../../lab/gateway/terraform-json";
import { NotifierStack } from "../../stacks/notifier-stack";
import * as servers from "../helpers/destinations";
import { startDynamoDbStandIn } from "../helpers/dynamodb-stand-in";
import { QueuePoller } from "../helpers/queue-poller";
import { motoUrl, resetMoto } from "./moto";

/** `npm run test:notifier` takes the hundred thousand; here so many that the road is walked once. */
const RECORDS = Number(process.env.NOTIFIER_RECORDS ?? 600);
const KILLS = Number(process.env.NOTIFIER_KILLS ?? 2);
/** Deletions that the poller forgets: their batches come again although they are done. */
const FORGOTTEN = 3;
/** moto looks at every message of a queue for each request: so many are in it at most. */
const MOST_IN_QUEUE = 2_000;
/** The template's own are over a minute, for what a killed function held; the hundred thousand wait for them. */
const VISIBILITY_SECONDS = process.env.NOTIFIER_RECORDS === undefined ? 20 : undefined;
/** Function processes on this machine. */
const FUNCTIONS = 2;

const SITE = `
site: demo
controllers: {}
networks: {}
notifiers:
  soak:
    region: ap-northeast-1
    queue: { batchSize: 500, batchWindowSeconds: 1 }
    function: { timeoutSeconds: 15, calls: 100, callsPerHost: 25 }
    request: { timeoutSeconds: 2, connectTimeoutSeconds: 1 }
    retry: { receives: 8, firstDelaySeconds: 1, maxDelaySeconds: 5, breakerFailures: 20, breakerSeconds: 1 }
    destinations: { http: true }
`;

jest.setTimeout(3_600_000);

/** Shares of the records, of a thousand, by what their partner does. */
const MIX = {
  fast: { share: 700, behaviour: servers.fast },
  slow: { share: 60, behaviour: servers.after(150) },
  flaky: { share: 60, behaviour: servers.flaky(1) },
  missing: { share: 60, behaviour: servers.status(404) },
  busy: { share: 60, behaviour: onceBusy() },
  reset: { share: 10, behaviour: servers.reset },
  down: { share: 10, behaviour: servers.status(503) },
  hanging: { share: 1, behaviour: servers.hanging },
} as const;
type Kind = keyof typeof MIX | "line" | "broken";

/** 429 to the first call of each path, with a second's pause. */
function onceBusy(): typeof servers.fast {
  const seen = new Set<string>();
  return (request, response) => {
    const path = request.url ?? "";
    if (seen.has(path)) return servers.fast(request, response);
    seen.add(path);
    servers.status(429, { "retry-after": "1" })(request, response);
  };
}

/** The same mix wherever one looks: by the number's place in a shuffled thousand. */
function kindOf(at: number): Kind {
  const place = (at * 367) % 1_000;
  let end = 0;
  for (const [kind, { share }] of Object.entries(MIX)) {
    end += share;
    if (place < end) return kind as Kind;
  }
  return place % 2 === 0 ? "line" : "broken";
}

function synthesise(): TerraformJson {
  const site = parseSite(SITE, "site.yaml");
  const stack = new NotifierStack(Testing.app(), "notifier-soak", {
    site: site.name,
    notifier: site.notifiers[0] as (typeof site.notifiers)[number],
    functionsDirectory: "dist/functions",
    tags: {},
    backend: { type: "local", directory: "." },
  });
  return JSON.parse(Testing.synth(stack));
}

const one = (template: TerraformJson, type: string, at = 0): NamedBlock =>
  resourcesOf(template, type)[at] as NamedBlock;

/** Queue, dead-letter queue and bucket as the template has them. */
async function makeQueues(template: TerraformJson, sqs: SQSClient) {
  const [queue, dead] = resourcesOf(template, "aws_sqs_queue") as [NamedBlock, NamedBlock];
  const { QueueUrl: deadUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: dead.block.name }));
  const maxReceiveCount = Number(/"maxReceiveCount" = (\d+)/.exec(queue.block.redrive_policy)?.[1]);
  const deadLetterTargetArn = `arn:aws:sqs:ap-northeast-1:${ACCOUNT_ID}:${dead.block.name}`;
  const { QueueUrl: queueUrl = "" } = await sqs.send(
    new CreateQueueCommand({
      QueueName: queue.block.name,
      Attributes: {
        VisibilityTimeout: String(VISIBILITY_SECONDS ?? queue.block.visibility_timeout_seconds),
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
      },
    }),
  );
  return {
    queueUrl,
    deadUrl,
    queueArn: `arn:aws:sqs:ap-northeast-1:${ACCOUNT_ID}:${queue.block.name}`,
    address: queue.address,
  };
}

/** Keeps the queue filled, not more. */
async function feed(sqs: SQSClient, queueUrl: string, bodies: readonly string[], done: () => number): Promise<void> {
  for (let at = 0; at < bodies.length; at += 10) {
    while (at - done() > MOST_IN_QUEUE) await setTimeout(50);
    const Entries = bodies.slice(at, at + 10).map((MessageBody, entry) => ({ Id: String(entry), MessageBody }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

async function drain(sqs: SQSClient, queueUrl: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3_600 }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = "" }) => Body));
  }
}

async function depth(sqs: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

async function allResults(s3: S3Client, bucketName: string): Promise<ResultLine[]> {
  const lines: ResultLine[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucketName, ContinuationToken: token }));
    for (const { Key = "" } of page.Contents ?? []) {
      expect(Key).toMatch(/^results\/dt=\d{4}-\d\d-\d\d\/hour=\d\d\/\w+-[\w-]+\.ndjson\.gz$/);
      lines.push(...(await readResults({ client: s3, bucketName }, Key)));
    }
    token = page.NextContinuationToken;
  } while (token);
  return lines;
}

/** MiB that each process of the function holds now. */
function memoryOfFunctions(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const isOurs = readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("s2s-notifier/index.js");
        const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
        if (!isOurs || Number(parent) !== process.pid) return [];
        return [Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024];
      } catch {
        return [];
      }
    });
}

test(`${RECORDS} records, ${KILLS} kills: every id has one final result or lies in the dead-letter queue`, async () => {
  await resetMoto();
  const template = synthesise();
  // The emulator drops a connection now and then.
  const sqs = new SQSClient({ maxAttempts: 10 });
  const s3 = new S3Client({});
  const { queueUrl, deadUrl, queueArn, address } = await makeQueues(template, sqs);
  const resolve = createResolver(template, { [`${address}.url`]: queueUrl });
  const lambda = one(template, "aws_lambda_function").block;
  const settings = parseSettings({ [SETTINGS_VARIABLE]: resolve(lambda.environment.variables[SETTINGS_VARIABLE]) });
  await s3.send(
    new CreateBucketCommand({
      Bucket: settings.bucketName,
      CreateBucketConfiguration: { LocationConstraint: "ap-northeast-1" },
    }),
  );
  const standIn = await startDynamoDbStandIn();
  const partners = Object.fromEntries(
    await Promise.all(
      Object.entries(MIX).map(
        async ([kind, { behaviour }]) => [kind, await servers.startDestination(behaviour)] as const,
      ),
    ),
  );
  const functions = new LambdaFunctions({
    template,
    resolve,
    functionsDirectory: join(process.cwd(), "dist/functions"),
    environments: FUNCTIONS,
    environment: {
      AWS_ENDPOINT_URL: motoUrl(),
      AWS_ENDPOINT_URL_DYNAMODB: standIn.url,
      AWS_ACCESS_KEY_ID: "testing",
      AWS_SECRET_ACCESS_KEY: "testing",
      // All that differs from the template: the partners stand on this machine.
      ...renderSettings({
        ...settings,
        ports: Object.values(partners).map(({ port }) => port),
        privateHosts: { "127.0.0.1": ["127.0.0.0/8"] },
      }),
    },
  });

  const ids = Array.from({ length: RECORDS }, (_, at) => `record-${at}`);
  const bodyOf = (at: number): string => {
    const kind = kindOf(at);
    const url = `${(partners[kind] ?? partners.fast)?.origin}/${ids[at]}`;
    if (kind === "line") return `2026-11-21T00:00:00Z notify ${url}`;
    return JSON.stringify({ id: ids[at], url, ...(kind === "broken" && { method: "TRACE" }) });
  };
  const bodies = ids.flatMap((_, at) => (at % 100 === 7 ? [bodyOf(at), bodyOf(at)] : [bodyOf(at)]));

  const forgotten = { left: FORGOTTEN };
  const state = { isFed: false, kills: 0, underWay: 0, dead: 0, error: undefined as Error | undefined };
  const poller = new QueuePoller({
    sqs,
    queueUrl,
    queueArn,
    mapping: one(template, "aws_lambda_event_source_mapping").block,
    invoke: async (event) => {
      state.underWay++;
      try {
        return await functions.invoke(lambda.function_name, event);
      } finally {
        state.underWay--;
      }
    },
    most: FUNCTIONS,
    mayDelete: () => poller.seen.batches % 5 !== 4 || forgotten.left-- <= 0,
  });
  const beginMs = Date.now();
  const memory: { atMs: number; megabytes: number }[] = [];
  const feeding = feed(sqs, queueUrl, bodies, () => poller.seen.deleted + state.dead).then(
    () => {
      state.isFed = true;
    },
    (error) => {
      state.error = error;
    },
  );
  /** Kills at a moment that chance chooses, and says whether that broke a batch. */
  const killInTheMiddle = async (): Promise<boolean> => {
    await setTimeout(Math.random() * 1_000);
    for (let tries = 0; state.underWay === 0 && tries < 400; tries++) await setTimeout(5);
    await setTimeout(Math.random() * 200);
    const broken = poller.seen.failures.length;
    functions.kill(lambda.function_name);
    for (let tries = 0; poller.seen.failures.length === broken && tries < 50; tries++) await setTimeout(20);
    return poller.seen.failures.length > broken;
  };
  // Kills spread over the records.
  while (!state.isFed || (await depth(sqs, queueUrl)) > 0) {
    if (state.kills < KILLS && poller.seen.deleted >= (RECORDS * 0.8 * (state.kills + 0.5)) / KILLS) {
      if (await killInTheMiddle()) state.kills++;
    }
    if (state.error) throw state.error;
    state.dead = await depth(sqs, deadUrl);
    // Each kill breaks a batch a process; more than that is no accident.
    if (poller.seen.failures.length > 100 + KILLS * FUNCTIONS) throw new Error(poller.seen.failures.at(-1));
    for (const megabytes of memoryOfFunctions()) memory.push({ atMs: Date.now() - beginMs, megabytes });
    if (process.env.NOTIFIER_PROGRESS)
      process.stderr.write(`\r${poller.seen.deleted} of ${RECORDS}, ${state.kills} kills `);
    await setTimeout(1_000);
  }
  await feeding;
  await poller.stop();
  functions.stop();
  const seconds = Math.round((Date.now() - beginMs) / 1000);

  const lines = await allResults(s3, settings.bucketName);
  const dead = await drain(sqs, deadUrl);
  const calls = Object.values(partners).flatMap((partner) => partner.calls.map(({ path }) => path));
  for (const partner of Object.values(partners)) await partner.close();
  await standIn.close();

  // A line's id is its message's, so the record is known by its URL.
  const nameOf = ({ id, url }: ResultLine): string =>
    (id.startsWith("message:") ? (url ?? "").split("/").at(-1) : id) as string;
  const finals = new Map<string, Set<string>>();
  const finalCount = new Map<string, number>();
  for (const line of lines.filter(({ final }) => final)) {
    finalCount.set(line.id, (finalCount.get(line.id) ?? 0) + 1);
    finals.set(nameOf(line), (finals.get(nameOf(line)) ?? new Set()).add(line.outcome));
  }
  const deadIds = new Set(dead.map((body) => /record-\d+/.exec(body)?.[0] as string));
  const summary = {
    seconds,
    batches: poller.seen.batches,
    brokenBatches: poller.seen.failures.length,
    lostRequests: poller.seen.lost.length,
    kills: state.kills,
    calls: calls.length,
    dead: deadIds.size,
    megabytes: Math.round(Math.max(...memory.map(({ megabytes }) => megabytes))),
  };
  process.stdout.write(`${JSON.stringify(summary)}\n`);

  expect(state.kills).toBe(KILLS);
  expect([...finalCount].filter(([, count]) => count !== 1)).toEqual([]);
  expect(ids.filter((id) => !finals.has(id) && !deadIds.has(id))).toEqual([]);
  const expected: Partial<Record<Kind, string>> = {
    fast: "delivered",
    slow: "delivered",
    missing: "rejected",
    broken: "rejected",
    line: "delivered",
  };
  for (const [at, id] of ids.entries()) {
    const kind = kindOf(at);
    // Any record may die that was in a batch that was killed too often; these have had no other reason to.
    if (expected[kind] && !deadIds.has(id))
      expect({ id, kind, outcomes: [...(finals.get(id) ?? [])] }).toEqual({ id, kind, outcomes: [expected[kind]] });
    if (kind === "reset" || kind === "down" || kind === "hanging")
      expect({ id, isDead: deadIds.has(id) }).toEqual({ id, isDead: true });
  }
  expect(ids.filter((id, at) => kindOf(at) === "fast" && deadIds.has(id)).length).toBeLessThanOrEqual(RECORDS / 1_000);
  // Flat: what the processes hold late is what they held once they were warm.
  const most = (from: number, to: number) =>
    Math.max(
      ...memory
        .filter(({ atMs }) => atMs >= seconds * 1000 * from && atMs < seconds * 1000 * to)
        .map(({ megabytes }) => megabytes),
    );
  expect(most(0.5, 1)).toBeLessThan(most(0, 0.5) * 1.3);
});
