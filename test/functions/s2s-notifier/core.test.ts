import type { ClaimAnswer } from "../../../functions/s2s-notifier/claims";
import { makeGuardedAgent } from "../../../functions/s2s-notifier/connect";
import { type BatchReport, processBatch, type QueueMessage, type Returned } from "../../../functions/s2s-notifier/core";
import { HostHealth } from "../../../functions/s2s-notifier/host-health";
import type { ResultLine } from "../../../functions/s2s-notifier/results";
import * as servers from "../../helpers/destinations";
import { SETTINGS } from "./settings";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(...args: Parameters<typeof servers.startDestination>) {
  const destination = await servers.startDestination(...args);
  open.push(destination.close);
  return destination;
}

/** A function's environment whose ports are lists, with real connections. */
function makeEnvironment(
  overrides: Partial<typeof SETTINGS> = {},
  answers: Record<string, ClaimAnswer> = {},
  now: () => number = Date.now,
) {
  const settings = { ...SETTINGS, ...overrides };
  const seen = {
    steps: [] as string[],
    claimed: [] as string[],
    released: [] as string[],
    lines: [] as ResultLine[],
    hidden: [] as Returned[],
  };
  const health = new HostHealth(settings, now);
  const fail = { write: false };
  const run = (messages: readonly QueueMessage[], leftMs = 60_000): Promise<BatchReport> => {
    const dispatcher = makeGuardedAgent({ settings, resolve: async () => [] });
    open.push(() => dispatcher.destroy());
    return processBatch(messages, now() + leftMs, settings, {
      claims: {
        take: async (ids) => {
          seen.claimed.push(...ids);
          return new Map(ids.map((id) => [id, answers[id] ?? { kind: "mine" as const }]));
        },
        release: async (ids) => {
          seen.steps.push("release");
          seen.released.push(...ids);
        },
      },
      writeResults: async (_, lines) => {
        seen.steps.push("write");
        if (fail.write) throw new Error("S3 is down");
        seen.lines.push(...lines);
      },
      hide: async (returned) => {
        seen.steps.push("hide");
        seen.hidden.push(...returned);
      },
      dispatcher,
      health,
      now,
      random: () => 0,
      unique: () => "u",
    });
  };
  return { run, seen, fail, health };
}

const message = (id: string, url: string, more: object = {}, receiveCount = 1): QueueMessage => ({
  messageId: `m-${id}`,
  receiptHandle: `r-${id}`,
  body: JSON.stringify({ id, url, ...more }),
  receiveCount,
});

const NOTHING = { delivered: 0, rejected: 0, expired: 0, retry: 0, deferred: 0, duplicate: 0 };

test("a batch of all kinds: what is final leaves the queue, what is not comes back later", async () => {
  const [good, bad, down] = [
    await start(servers.fast),
    await start(servers.status(404)),
    await start(servers.status(503)),
  ];
  const { run, seen } = makeEnvironment();
  const report = await run([
    message("ok", `${good.origin}/a?token=secret`),
    message("no", bad.origin, {}, 3),
    message("down", down.origin, {}, 3),
    message("old", good.origin, { expiresAt: "2020-01-01T00:00:00Z" }),
    message("early", good.origin, { notBefore: new Date(Date.now() + 100_000).toISOString() }),
    message("odd", "ftp://example.com/"),
    { messageId: "m-log", receiptHandle: "r-log", body: `GET ${good.origin}/log`, receiveCount: 1 },
    { messageId: "m-junk", receiptHandle: "r-junk", body: "\u0000", receiveCount: 1 },
  ]);
  expect(report).toEqual({
    failures: ["m-down", "m-early"],
    counts: { ...NOTHING, delivered: 2, rejected: 3, expired: 1, retry: 1, deferred: 1 },
    object: expect.stringMatching(/^results\/dt=\d{4}-\d\d-\d\d\/hour=\d\d\/\d{8}T\d{9}Z-u\.ndjson\.gz$/),
  });
  const byId = Object.fromEntries(seen.lines.map((line) => [line.id, line]));
  expect(byId.ok).toEqual({
    id: "ok",
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    outcome: "delivered",
    final: true,
    attempt: 1,
    method: "GET",
    host: `127.0.0.1:${good.port}`,
    url: `${good.origin}/a`,
    status: 200,
    ms: expect.any(Number),
    bytes: 2,
  });
  expect(byId.no).toMatchObject({ outcome: "rejected", final: true, attempt: 3, status: 404 });
  expect(byId.down).toMatchObject({ outcome: "retry", final: false, attempt: 3, status: 503 });
  expect(byId.old).toMatchObject({ outcome: "expired", final: true });
  expect(byId.odd).toMatchObject({ outcome: "rejected", error: "invalid: url: must be http or https" });
  expect(byId["message:m-log"]).toMatchObject({ outcome: "delivered", final: true });
  expect(byId["message:m-junk"]).toMatchObject({
    outcome: "rejected",
    error: "invalid: must be a JSON object, or a line with one http(s) URL in it",
  });
  expect(seen.lines).toHaveLength(7);
  expect(seen.hidden.map(({ message: { messageId }, delaySeconds }) => [messageId, delaySeconds])).toEqual([
    ["m-down", 20],
    ["m-early", 100],
  ]);
  expect(seen.released).toEqual(["down"]);
  expect(seen.claimed).not.toContain("early");
  expect(seen.steps).toEqual(["write", "release", "hide"]);
});

test("puts a URL's query into the results where that is asked for", async () => {
  const { origin } = await start(servers.fast);
  const { run, seen } = makeEnvironment({ keepQuery: true, keepResponseBytes: 1 });
  await run([message("a", `${origin}/a?b=1`)]);
  expect(seen.lines[0]).toMatchObject({ url: `${origin}/a?b=1`, body: Buffer.from("o").toString("base64") });
});

test("one call for an id that is in the batch twice, and both messages share its end", async () => {
  const [good, down] = [await start(servers.fast), await start(servers.status(500))];
  const { run, seen } = makeEnvironment();
  const twice = (id: string, origin: string) => [
    message(id, origin),
    { ...message(id, origin), messageId: `m2-${id}` },
  ];
  const report = await run([...twice("a", good.origin), ...twice("b", down.origin)]);
  expect([good.calls.length, down.calls.length]).toEqual([1, 1]);
  expect(report.failures).toEqual(["m-b", "m2-b"]);
  expect(seen.lines.map(({ id, outcome }) => [id, outcome])).toEqual([
    ["a", "delivered"],
    ["b", "retry"],
  ]);
});

test("no call for an id that has its result, and none for one that another batch is at", async () => {
  const { origin, calls } = await start(servers.fast);
  const { run, seen } = makeEnvironment(
    {},
    { done: { kind: "done" }, busy: { kind: "busy", untilMs: Date.now() + 45_000 } },
  );
  const report = await run([message("done", origin), message("busy", origin)]);
  expect(calls).toEqual([]);
  expect(report).toEqual({ failures: ["m-busy"], counts: { ...NOTHING, duplicate: 1, deferred: 1 } });
  expect(seen.hidden[0]?.delaySeconds).toBeGreaterThan(43);
  expect(seen.hidden[0]?.delaySeconds).toBeLessThan(47);
  expect([seen.released, seen.lines]).toEqual([[], []]);
});

test("nothing leaves the queue, and no claim is given back, where the results can't be written", async () => {
  const { origin } = await start(servers.fast);
  const { run, seen, fail } = makeEnvironment();
  fail.write = true;
  await expect(run([message("a", origin)])).rejects.toThrow(new Error("S3 is down"));
  expect(seen.steps).toEqual(["write"]);
});

test("begins no call that could outlive the function, and gives back what is left", async () => {
  // Each call takes 100 ms by this clock, whatever the machine does.
  const clock = { ms: Date.now() };
  const { origin, calls } = await start((request, response) => {
    clock.ms += 100;
    servers.fast(request, response);
  });
  const { run, seen } = makeEnvironment({ concurrency: 1, perHost: 1, requestTimeoutMs: 30_000 }, {}, () => clock.ms);
  const report = await run(
    Array.from({ length: 100 }, (_, at) => message(`a${at}`, origin)),
    5_000 + 30_000 + 350,
  );
  expect(calls).toHaveLength(4);
  expect(report.counts).toEqual({ ...NOTHING, delivered: 4, deferred: 96 });
  expect(seen.released).toHaveLength(96);
});

test("leaves a host alone that is down, then tries it with one call; others go on", async () => {
  const [down, good] = [await start(servers.reset), await start(servers.fast)];
  const { run, seen } = makeEnvironment({ breakerFailures: 5, breakerSeconds: 600 });
  const first = await run([
    ...Array.from({ length: 100 }, (_, at) => message(`d${at}`, down.origin)),
    ...Array.from({ length: 100 }, (_, at) => message(`g${at}`, good.origin)),
  ]);
  expect(first.counts.delivered).toBe(100);
  expect(first.counts.retry).toBeLessThan(15);
  const second = await run([message("d100", down.origin)]);
  expect(second.counts).toEqual({ ...NOTHING, deferred: 1 });
  expect(seen.claimed).not.toContain("d100");
  expect(seen.hidden.at(-1)?.delaySeconds).toBeGreaterThan(590);
});

test("records of a host that is left alone use up their receives no faster than calls would", async () => {
  const { origin } = await start(servers.fast);
  const { run, seen, health } = makeEnvironment({ firstDelaySeconds: 10, maxDelaySeconds: 3_600, breakerSeconds: 60 });
  health.failed(new URL(origin).host, 60);
  const receives = [1, 5, 9, 20];
  for (const receive of receives) await run([message(`a${receive}`, origin, {}, receive)]);
  // Half of 10 s, doubled each time, of 3600 s at most; never before the host may be called.
  expect(seen.hidden.map(({ delaySeconds }) => delaySeconds)).toEqual([60, 80, 1_280, 1_800]);
  expect(seen.claimed).toEqual([]);
});

test("one pause for all records of a host that says 429 and when to come back", async () => {
  const { origin, calls } = await start(servers.status(429, { "retry-after": "90" }));
  const { run, seen } = makeEnvironment({ perHost: 1 });
  await run(Array.from({ length: 20 }, (_, at) => message(`a${at}`, origin)));
  expect(calls).toHaveLength(1);
  expect(new Set(seen.hidden.map(({ delaySeconds }) => delaySeconds >= 89))).toEqual(new Set([true]));
});

test("a hanging partner delays only its own records", async () => {
  const [stuck, good] = [await start(servers.hanging), await start(servers.fast)];
  const { run, seen } = makeEnvironment({ requestTimeoutMs: 5_000, breakerFailures: 1_000 });
  const report = await run([
    ...Array.from({ length: SETTINGS.perHost }, (_, at) => message(`s${at}`, stuck.origin)),
    ...Array.from({ length: 300 }, (_, at) => message(`g${at}`, good.origin)),
  ]);
  const ends = (outcome: string) =>
    seen.lines.filter((line) => line.outcome === outcome).map(({ at }) => Date.parse(at));
  expect(report.counts).toEqual({ ...NOTHING, delivered: 300, retry: SETTINGS.perHost });
  expect(Math.max(...ends("delivered"))).toBeLessThan(Math.min(...ends("retry")));
});
