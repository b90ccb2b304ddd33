import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type ResultLine, resultKey, writeResults } from "../../functions/s2s-notifier/results";
import { runCli } from "../helpers/run-cli";
import { useFolder } from "../helpers/use-folder";
import { resetMoto } from "./moto";

const folder = useFolder();
const sqs = new SQSClient({});
const QUEUE = "demo-partners-notifier";
const BUCKET = "demo-partners-results-123456789012";
const SITE = "site: demo\ncontrollers: {}\nnetworks: {}\nnotifiers: { partners: { region: ap-northeast-1 } }\n";
const NOW = new Date("2026-11-21T09:20:00Z");

beforeEach(async () => {
  await resetMoto();
  writeFileSync(join(folder(), "site.yaml"), SITE);
});

const notify = (...argv: string[]) =>
  runCli(["notify", ...argv, "--site", join(folder(), "site.yaml")], { now: () => NOW });
const urlOf = async (name: string) => (await sqs.send(new CreateQueueCommand({ QueueName: name }))).QueueUrl as string;

function write(name: string, lines: readonly string[]): string {
  const file = join(folder(), name);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
  return file;
}

const record = (id: string) => JSON.stringify({ id, url: `https://partner.example.com/${id}` });
const records = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => record(`r${from + at}`));

/** Ids of what lies in a queue, sorted; the messages are out of sight then. */
async function idsIn(queueUrl: string): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3_600 }),
    );
    if (Messages.length === 0) return ids.sort();
    ids.push(...Messages.map(({ Body = "" }) => JSON.parse(Body).id));
  }
}

async function countOf(queueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}

const idsOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).id as string).sort();

describe("notify send", () => {
  test("puts a file's records into the queue, and those that are added to it the next time", async () => {
    const queueUrl = await urlOf(QUEUE);
    const file = write("records.ndjson", [...records(0, 25), "", "GET https://partner.example.com/plain"]);
    expect(await notify("send", file)).toEqual({ code: 0, out: `${QUEUE}: 26 records put into the queue\n`, err: "" });
    expect(await idsIn(queueUrl)).toEqual(
      [...idsOf(records(0, 25)), expect.stringMatching(/^line:[0-9a-f]{32}:27$/)].sort(),
    );
    expect((await notify("send", file)).out).toBe(
      `${QUEUE}: 0 records put into the queue; 27 lines were sent before\n`,
    );
    writeFileSync(file, `${records(25, 28).join("\n")}\n`, { flag: "a" });
    const { out } = await notify("send", file, "--rate", "1000", "--json");
    expect(JSON.parse(out)).toEqual({ ok: true, queue: QUEUE, sent: 3, before: 27 });
    expect(await idsIn(queueUrl)).toEqual(idsOf(records(25, 28)));
    expect((await notify("send", file, "--restart")).out).toBe(`${QUEUE}: 29 records put into the queue\n`);
  });

  test("goes on where a run was killed", async () => {
    const queueUrl = await urlOf(QUEUE);
    const lines = records(0, 300);
    const file = write("records.ndjson", lines);
    const note = join(folder(), `.${basename(file)}.sent-to-${QUEUE}.json`);
    const words = ["notify", "send", file, "--rate", "20", "--site", join(folder(), "site.yaml")];
    const run = spawn(process.execPath, ["dist/cli.js", ...words], { stdio: "ignore" });
    while (!existsSync(note) && run.exitCode === null) await setTimeout(50);
    run.kill("SIGKILL");
    await once(run, "exit");
    const noted = JSON.parse(readFileSync(note, "utf8")).lines;
    expect(noted).toBeGreaterThan(0);
    expect(noted).toBeLessThan(300);
    expect((await notify("send", file)).out).toBe(
      `${QUEUE}: ${300 - noted} records put into the queue; ${noted} lines were sent before\n`,
    );
    // What the killed run had not noted yet is there twice; nothing is missing.
    expect([...new Set(await idsIn(queueUrl))]).toEqual(idsOf(lines));
  });

  test("sends nothing of a file with a line that is wrong, and tells all such lines", async () => {
    const queueUrl = await urlOf(QUEUE);
    const file = write("records.ndjson", [record("a"), "hello", '{"id":"b","url":"file:///etc/passwd"}']);
    expect(await notify("send", file)).toEqual({
      code: 1,
      out: "",
      err: `${file}: 2 problems\n  must be a JSON object, or a line with one http(s) URL in it; mend the line (line 2)\n  url: must be http or https; mend the line (line 3)\n`,
    });
    expect(await countOf(queueUrl)).toBe(0);
  });

  test("reads standard input, and leaves out what is wrong there", async () => {
    const queueUrl = await urlOf(QUEUE);
    async function* stdin() {
      yield Buffer.from(`${records(0, 12).join("\n")}\nhello\n${record("last")}`);
    }
    const site = join(folder(), "site.yaml");
    expect(await runCli(["notify", "send", "-", "--site", site], { stdin: stdin() })).toEqual({
      code: 1,
      out: "",
      err: "standard input: 1 problem\n  must be a JSON object, or a line with one http(s) URL in it; mend the line and send it alone: the other 13 records are sent (line 13)\n",
    });
    expect(await idsIn(queueUrl)).toEqual(idsOf([...records(0, 12), record("last")]));
  });

  test("batches hold no more bytes than a request may", async () => {
    const queueUrl = await urlOf(QUEUE);
    const big = Array.from({ length: 12 }, (_, at) =>
      JSON.stringify({ id: `b${at}`, url: "https://partner.example.com/", body: "x".repeat(100_000) }),
    );
    expect((await notify("send", write("big.ndjson", big))).out).toBe(`${QUEUE}: 12 records put into the queue\n`);
    expect(await idsIn(queueUrl)).toEqual(idsOf(big));
  });

  test("says so where there is no such queue or file", async () => {
    const file = write("records.ndjson", [record("a")]);
    expect(await notify("send", file)).toEqual({
      code: 2,
      out: "",
      err: `there is no queue ${QUEUE} in ap-northeast-1: deploy the notifier's stack\n`,
    });
    expect(await notify("send", join(folder(), "none"))).toEqual({
      code: 2,
      out: "",
      err: `can't read ${JSON.stringify(join(folder(), "none"))}: it does not exist\n`,
    });
  });
});

describe("notify results", () => {
  const line = (id: string, at: string, more: Partial<ResultLine> = {}): ResultLine => ({
    id,
    at,
    outcome: "delivered",
    final: true,
    attempt: 1,
    method: "POST",
    host: "partner.example.com",
    status: 200,
    ms: 12,
    bytes: 2,
    ...more,
  });
  const LINES = [
    line("a", "2026-11-21T08:10:00.000Z"),
    line("b", "2026-11-21T09:10:00.000Z", { outcome: "rejected", status: 404, attempt: 2 }),
    line("c", "2026-11-21T09:15:00.000Z", { outcome: "retry", final: false, status: undefined, error: "ECONNRESET" }),
  ];

  beforeEach(async () => {
    const client = new S3Client({});
    await client.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: "ap-northeast-1" } }),
    );
    for (const one of LINES)
      await writeResults({ client, bucketName: BUCKET }, resultKey(Date.parse(one.at), one.id), [one]);
  });

  test("as a table, newest first", async () => {
    expect(await notify("results", "--since", "1h")).toEqual({
      code: 0,
      out: `2 results: 1 rejected, 1 retry

  at                        outcome   attempt  status  ms  host                 id  error
  2026-11-21T09:15:00.000Z  retry     1        -       12  partner.example.com  c   ECONNRESET
  2026-11-21T09:10:00.000Z  rejected  2        404     12  partner.example.com  b
`,
      err: "",
    });
  });

  test("as JSON, of one id", async () => {
    const { out } = await notify("results", "--since", "2026-11-20", "--id", "a", "--json");
    expect(JSON.parse(out)).toEqual({
      ok: true,
      bucket: BUCKET,
      counts: { delivered: 1, rejected: 0, expired: 0, retry: 0 },
      results: [LINES[0]],
    });
  });

  test("counts all and shows the newest", async () => {
    const { out } = await notify("results", "--since", "1d", "--limit", "1");
    expect(out.split("\n")[0]).toBe("3 results: 1 delivered, 1 rejected, 1 retry (the newest 1 below)");
    expect(out).toContain("ECONNRESET");
    expect(out).not.toContain("404");
  });

  test("none of that time", async () => {
    expect((await notify("results", "--since", "1m")).out).toBe("no results\n");
  });

  test("says so where there is no bucket", async () => {
    await resetMoto();
    expect(await notify("results", "--since", "1m")).toEqual({
      code: 2,
      out: "",
      err: `there is no bucket ${BUCKET} in ap-northeast-1: deploy the notifier's stack\n`,
    });
  });
});

describe("notify redrive", () => {
  async function bury(lines: readonly string[]): Promise<{ queueUrl: string; deadUrl: string }> {
    const [queueUrl, deadUrl] = [await urlOf(QUEUE), await urlOf(`${QUEUE}-dead`)];
    for (let at = 0; at < lines.length; at += 10) {
      const Entries = lines.slice(at, at + 10).map((MessageBody, entry) => ({ Id: String(entry), MessageBody }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: deadUrl, Entries }));
    }
    return { queueUrl, deadUrl };
  }

  test("puts all dead records back", async () => {
    const lines = records(0, 23);
    const { queueUrl, deadUrl } = await bury(lines);
    expect((await notify("redrive", "--dry-run")).out).toBe(`${QUEUE}: about 23 records are dead\n`);
    expect(await countOf(queueUrl)).toBe(0);
    expect(await notify("redrive", "--rate", "1000")).toEqual({
      code: 0,
      out: `${QUEUE}: 23 dead records put back into the queue\n`,
      err: "",
    });
    expect(await idsIn(queueUrl)).toEqual(idsOf(lines));
    expect(await countOf(deadUrl)).toBe(0);
    const { out } = await notify("redrive", "--json");
    expect(JSON.parse(out)).toEqual({ ok: true, queue: QUEUE, found: 0, moved: 0 });
  });
});
