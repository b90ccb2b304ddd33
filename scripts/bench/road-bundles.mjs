// What bundling the functions of the road of alarms saves: size and start, beside the same code with its packages as npm lays
// them out, and beside a Node that loads nothing. CPU seconds: what else the machine does counts least there.
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compete, HAS_GNU_TIME } from "./measure.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const DIST = join(ROOT, "dist/functions");
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const FUNCTIONS = [
  ["alarm-forwarder", "oci"],
  ["relay-authorizer", "aws"],
  ["chat-notifier", "aws"],
];
/** Enough for each to load; nothing is called. */
const ENVIRONMENT = {
  ...process.env,
  FN_FORMAT: "http-stream",
  RELAY_URL: "https://relay.example/alarms",
  SOURCE: "oci",
  TOKEN_SECRET_ID: "token",
  CHAT_SECRET_ID: "chat",
  CHAT_TYPE: "mattermost",
  LANGUAGE: "en",
  SITE: "demo",
  STATE_TABLE: "memory",
  HEARTBEAT_METRIC_NAMESPACE: "Kakehashi",
  AWS_REGION: "ap-northeast-1",
  OCI_RESOURCE_PRINCIPAL_VERSION: "2.2",
  OCI_RESOURCE_PRINCIPAL_REGION: "ap-tokyo-1",
  OCI_RESOURCE_PRINCIPAL_RPST: "e30.e30.e30",
};

if (!HAS_GNU_TIME) {
  process.stdout.write("skipped: GNU time is not installed\n");
  process.exit(0);
}
const { generateKeyPairSync } = await import("node:crypto");
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
ENVIRONMENT.OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const folder = mkdtempSync(join(tmpdir(), "bundles-"));
try {
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  process.stdout.write(`Start in CPU seconds, least of ${ROUNDS}; size of the code\n\n`);
  process.stdout.write(
    "| function | bundled | unbundled | Node alone | unbundled / bundled | size bundled | packages |\n",
  );
  process.stdout.write("| --- | --- | --- | --- | --- | --- | --- |\n");
  for (const [name, cloud] of FUNCTIONS) process.stdout.write(`${await row(name, cloud)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function row(name, cloud) {
  const bundled = cloud === "oci" ? join(DIST, `${name}-oci/func.js`) : join(DIST, name, "index.js");
  const unbundled = join(folder, `${name}.js`);
  const common = {
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, "functions", name, `handler-${cloud}.ts`)],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
  };
  await build({ ...common, outfile: unbundled, packages: "external" });
  const { metafile } = await build({ ...common, write: false, metafile: true, outfile: unbundled });
  const contestant = (label, file) => ({
    name: label,
    command: [
      process.execPath,
      "--no-warnings",
      "-e",
      file ? `require(${JSON.stringify(file)});process.exit(0)` : "process.exit(0)",
    ],
    options: { env: { ...ENVIRONMENT, FN_LISTENER: `unix:${join(folder, "fn.sock")}` } },
  });
  const results = compete(
    [contestant("bundled", bundled), contestant("unbundled", unbundled), contestant("floor")],
    ROUNDS,
  );
  const cpu = (label) => results.get(label).cpu;
  const ratio = (cpu("unbundled") / cpu("bundled")).toFixed(1);
  const seconds = ["bundled", "unbundled", "floor"].map((label) => `${cpu(label).toFixed(2)} s`).join(" | ");
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const packages = [...new Set(Object.keys(metafile.inputs).flatMap(packageOf))];
  const size = packages.reduce((sum, path) => sum + sizeOf(join(ROOT, path)), 0);
  return `| ${name} (${cloud}) | ${seconds} | ${ratio} | ${megabytes(statSync(bundled).size)} | ${megabytes(size)} in ${packages.length} |`;
}

function packageOf(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [];
}

function sizeOf(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path)
    .filter((name) => name !== "node_modules")
    .reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
