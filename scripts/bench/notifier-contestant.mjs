// One contestant: sends its records and tells its parent the seconds, CPU seconds, memory and how many arrived.
import { createRequire } from "node:module";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { ROOT } from "./load-source.mjs";

const { kind, records, batch, calls, latencyMs, partners, aws } = JSON.parse(process.argv[2]);
const require = createRequire(import.meta.url);
const urls = Array.from(
  { length: records },
  (_, at) => `http://127.0.0.1:${partners[at % partners.length]}/${latencyMs}/${at}`,
);
const batches = Array.from({ length: Math.ceil(records / batch) }, (_, at) => urls.slice(at * batch, (at + 1) * batch));

const CONTESTANTS = {
  async sequential() {
    let delivered = 0;
    for (const url of urls) delivered += await call(url);
    return delivered;
  },
  async all() {
    let delivered = 0;
    for (const part of batches) delivered += (await Promise.all(part.map(call))).reduce((sum, one) => sum + one, 0);
    return delivered;
  },
  async function() {
    const { handler } = loaded;
    let delivered = 0;
    for (const part of batches) {
      const { batchItemFailures } = await handler(
        { Records: part.map(toMessage) },
        { getRemainingTimeInMillis: () => 120_000 },
      );
      delivered += part.length - batchItemFailures.length;
    }
    return delivered;
  },
  async autocannon() {
    const autocannon = require("autocannon");
    const url = `http://127.0.0.1:${partners[0]}/${latencyMs}/`;
    const { "2xx": delivered } = await autocannon({ url, connections: calls, amount: records, timeout: 60 });
    return delivered;
  },
};

const SETTINGS = {
  queueUrl: `${aws.others}/123456789012/records`,
  tableName: "claims",
  bucketName: "results",
  requestTimeoutMs: 10_000,
  connectTimeoutMs: 3_000,
  redirects: 3,
  responseBytes: 65_536,
  firstDelaySeconds: 10,
  maxDelaySeconds: 3_600,
  breakerFailures: 10,
  breakerSeconds: 60,
  enableHttp: true,
  privateHosts: { "127.0.0.1": ["127.0.0.0/8"] },
  rememberSeconds: 86_400,
  keepResponseBytes: 0,
  keepQuery: false,
};

function loadFunction() {
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "testing",
    AWS_SECRET_ACCESS_KEY: "testing",
    AWS_ENDPOINT_URL: aws.others,
    AWS_ENDPOINT_URL_DYNAMODB: aws.dynamoDb,
    POWERTOOLS_LOG_LEVEL: "SILENT",
    NOTIFIER_SETTINGS: JSON.stringify({
      ...SETTINGS,
      concurrency: calls,
      perHost: calls / partners.length,
      ports: partners,
    }),
  });
  return require(join(ROOT, "dist/functions/s2s-notifier/index.js"));
}

async function call(url) {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.ok ? 1 : 0;
}

function toMessage(url) {
  // Every run has ids of its own: the claims outlive it.
  const id = `${process.pid}-${url.split("/").at(-1)}-${latencyMs}-${calls}`;
  return {
    messageId: id,
    receiptHandle: id,
    body: JSON.stringify({ id, url }),
    attributes: { ApproximateReceiveCount: "1" },
  };
}

// Lambda loads a function before its first batch, and does not charge every batch for it.
const loaded = kind === "function" ? loadFunction() : undefined;
const start = performance.now();
const cpu = process.cpuUsage();
const delivered = await CONTESTANTS[kind]();
const { user, system } = process.cpuUsage(cpu);
process.send(
  {
    delivered,
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024,
  },
  () => process.exit(),
);
