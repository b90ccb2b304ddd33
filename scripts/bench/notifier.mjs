// `npm run bench:notifier`: records per second and what a million costs, of this function and of what is written instead, against the
// same servers on loopback. Each contestant is a process of its own. ROUNDS=3 in the environment for more than one round.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ROOT } from "./load-source.mjs";
import { monthly, perMillion } from "./notifier-prices.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 1);
const HOSTS = 4;
/** Of the function, as in the site file's defaults. */
const MEGABYTES = 512;
const BATCH = 1_000;
/** Lambda gives a whole processor for so much memory. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MEGABYTES_PER_PROCESSOR = 1_769;

const CONTESTANTS = [
  { name: "one after the other", kind: "sequential", records: { 20: 150, 100: 40, 500: 10 } },
  {
    name: "Promise.all over 10 (SQS's default batch)",
    kind: "all",
    batch: 10,
    records: { 20: 2_000, 100: 500, 500: 100 },
  },
  {
    name: "Promise.all over 1,000 (1,000 connections)",
    kind: "all",
    batch: BATCH,
    records: { 20: 10_000, 100: 5_000, 500: 4_000 },
  },
  { name: "this function (calls: 100)", kind: "function", calls: 100, records: { 20: 20_000, 100: 6_000, 500: 2_000 } },
  {
    name: "this function (calls: 1000)",
    kind: "function",
    calls: 1_000,
    records: { 20: 20_000, 100: 10_000, 500: 6_000 },
  },
  {
    name: "autocannon, 100 connections (ceiling)",
    kind: "autocannon",
    calls: 100,
    records: { 20: 20_000, 100: 6_000, 500: 2_000 },
  },
];

const children = [];

async function start(name, words) {
  const child = fork(join(ROOT, "scripts/bench", name), words.map(String));
  children.push(child);
  const answer = await Promise.race([
    once(child, "message").then(([message]) => message),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`))),
  ]);
  return { child, answer };
}

async function run(contestant, latencyMs, world) {
  const records = contestant.records[latencyMs];
  const { child, answer } = await start("notifier-contestant.mjs", [
    JSON.stringify({ ...contestant, records, latencyMs, batch: contestant.batch ?? BATCH, ...world }),
  ]);
  if (child.exitCode === null) await once(child, "exit");
  if (answer.delivered !== records) throw new Error(`${contestant.name}: ${answer.delivered} of ${records} arrived`);
  return { ...answer, perSecond: records / answer.seconds, cpuMs: (answer.cpuSeconds * 1000) / records };
}

/** Seconds that Lambda would count for a record: waiting, or its share of a processor where that is longer. */
function billedSeconds({ perSecond, cpuMs }) {
  return Math.max(1 / perSecond, cpuMs / 1000 / (MEGABYTES / MEGABYTES_PER_PROCESSOR));
}

function table(title, rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const line = (row) => row.map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join("  ");
  process.stdout.write(`\n${title}\n${rows.map((row) => `  ${line(row)}`).join("\n")}\n`);
}

const whole = (value) => Math.round(value).toLocaleString("en");
const dollars = (value) => `$${value.toFixed(2)}`;

try {
  const partners = (await start("notifier-servers.mjs", ["partners", HOSTS])).answer;
  const aws = (await start("notifier-servers.mjs", ["aws"])).answer;
  for (const latencyMs of [20, 100, 500]) {
    const best = new Map();
    for (let round = 0; round < ROUNDS; round++) {
      for (const contestant of CONTESTANTS) {
        process.stderr.write(`${latencyMs} ms: ${contestant.name} …\n`);
        const result = await run(contestant, latencyMs, { partners, aws });
        if (!(best.get(contestant.name)?.perSecond > result.perSecond)) best.set(contestant.name, result);
      }
    }
    const slowest = best.get(CONTESTANTS[0].name).perSecond;
    const ceiling = best.get(CONTESTANTS.at(-1).name).perSecond;
    table(`partners answer after ${latencyMs} ms (${HOSTS} hosts, one function of ${MEGABYTES} MB)`, [
      [
        "",
        "records/s",
        "x one by one",
        "of ceiling",
        "CPU ms each",
        "memory MB",
        "GB-s a million",
        "$ of Lambda",
        "$ in all",
        "1M a day, of two instances",
      ],
      ...[...best].map(([name, result]) => {
        const gigabyteSeconds = (MEGABYTES / 1024) * billedSeconds(result) * 1e6;
        const isOurs = name.startsWith("this");
        const isTool = name.startsWith("autocannon");
        const price = perMillion(gigabyteSeconds, { batch: name.includes("over 10 ") ? 10 : BATCH, isOurs });
        return [
          name,
          whole(result.perSecond),
          (result.perSecond / slowest).toFixed(1),
          `${whole((100 * result.perSecond) / ceiling)} %`,
          result.cpuMs.toFixed(2),
          whole(result.megabytes),
          isTool ? "-" : whole(gigabyteSeconds),
          isTool ? "-" : dollars(price.own),
          isTool ? "-" : dollars(price.inAll),
          isTool ? "-" : `${whole((100 * price.inAll * 30) / monthly.twoInstances)} %`,
        ];
      }),
    ]);
  }
  process.stdout.write(
    `\n$: a million records; in all: with SQS, and for this function the claims (DynamoDB) and the results (S3). Two instances: m7g.large,\n` +
      `always on, ${dollars(monthly.twoInstances)} a month. GB-seconds take the longer of waiting and of CPU time at the share of a processor that\n` +
      "the memory buys; this machine's processor stands for Lambda's. Prices: scripts/bench/notifier-prices.mjs.\n",
  );
} finally {
  for (const child of children) child.kill();
}
