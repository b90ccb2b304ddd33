// `npm run bench:watches`: what a watch of many instances costs: synth with 500, as one resource an alarm would and as it is here;
// and the live mode's function with 1,000, against an AWS API emulator: API calls, and time.
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "./load-source.mjs";
import { compete } from "./measure.mjs";

const SYNTHESISED = 500;
const WATCHED = 1000;
const ROUNDS = 3;
const folder = mkdtempSync(join(tmpdir(), "kakehashi-bench-watches-"));
const say = (text) => process.stdout.write(`${text}\n`);

const SITE = `site: bench
backend: { type: local }
controllers:
  tokyo: { publicIp: 198.51.100.10, privateIp: 10.0.2.15, subnets: [10.0.2.0/24], asn: 65010, libreswan: "4.10" }
networks:
  aws:
    tokyo: { region: ap-northeast-1, cidr: 172.30.0.0/16, asn: 64512, subnets: { default: { cidr: 172.30.2.0/24, availabilityZone: ap-northeast-1a } } }
connections:
  tokyo-aws: { controller: tokyo, network: aws/tokyo, routing: bgp }
watches:
  web: { network: aws/tokyo, instances: [web-*] }
`;

/** The same watch with a resource of its own for each alarm of each instance, all written out. */
const ONE_BY_ONE = `
import { App, TerraformStack } from "cdktf";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
const app = new App({ outdir: process.env.CDKTF_OUTDIR });
const stack = new TerraformStack(app, "watch-web");
new AwsProvider(stack, "aws", { region: "ap-northeast-1" });
for (let at = 0; at < ${SYNTHESISED}; at++) {
  for (const [metricName, statistic] of [["StatusCheckFailed", "Maximum"], ["CPUUtilization", "Average"]]) {
    new CloudwatchMetricAlarm(stack, \`\${metricName}-\${at}\`, {
      alarmName: \`bench/web/web-\${at}/\${metricName}\`,
      alarmDescription: \`EC2 instance web-\${at}: \${metricName}\`,
      namespace: "AWS/EC2", metricName, statistic, dimensions: { InstanceId: \`i-\${at}\` },
      period: 300, evaluationPeriods: 3, threshold: 90, comparisonOperator: "GreaterThanOrEqualToThreshold",
    });
  }
}
app.synth();
`;

/** The function, and the SDK that it is bundled with: its paginators take no other's clients. */
const LIVE = `
export { reconcileWatch } from "./functions/watch-reconciler/core";
export { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
export { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
`;

/** Bundles the text, which imports as a file of the repository would. @returns the bundle's path */
async function bundle(name, contents) {
  const outfile = join(folder, name);
  const stdin = { contents, resolveDir: ROOT, loader: "ts" };
  await build({
    absWorkingDir: ROOT,
    stdin,
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
  return outfile;
}

async function benchSynth() {
  writeFileSync(join(folder, "site.yaml"), SITE);
  const outfile = await bundle("one-by-one.cjs", ONE_BY_ONE);
  const env = (out) => ({
    ...process.env,
    SITE: join(folder, "site.yaml"),
    CDKTF_OUTDIR: join(folder, out),
    CHECKPOINT_DISABLE: "1",
  });
  const here = { name: "here (whole site, Terraform finds the instances)", out: "here" };
  const peer = { name: `one resource an alarm (this stack alone, ${2 * SYNTHESISED} alarms)`, out: "peer" };
  const floor = { name: "node -e 0", command: [process.execPath, "-e", "0"] };
  const runs = compete(
    [
      floor,
      {
        ...here,
        command: [process.execPath, join(ROOT, "dist/main.js")],
        options: { cwd: folder, env: env(here.out) },
      },
      { ...peer, command: [process.execPath, outfile], options: { cwd: folder, env: env(peer.out) } },
    ],
    ROUNDS,
  );
  const base = runs.get(floor.name).cpu;
  say(`\nSynth of a watch of ${SYNTHESISED} instances (least of ${ROUNDS} runs)`);
  for (const [name, { cpu, megabytes }] of runs) {
    const { out } = [here, peer].find((one) => one.name === name) ?? {};
    const bytes = out && statSync(join(folder, out, "stacks/watch-web/cdk.tf.json")).size;
    const size = bytes ? `, watch-web ${(bytes / 1000).toFixed(0)} kB` : "";
    say(`  ${name}: ${cpu.toFixed(2)} s CPU (${(cpu / base).toFixed(1)} x), ${Math.round(megabytes)} MB${size}`);
  }
}

/** Counts what a client asks, by name. */
function counted(client, calls) {
  client.middlewareStack.add(
    (next, context) => (args) => {
      calls.set(context.commandName, (calls.get(context.commandName) ?? 0) + 1);
      return next(args);
    },
    // Each try counts: that is what AWS's limits are about.
    { step: "finalizeRequest" },
  );
  return client;
}

async function benchReconcile() {
  const live = createRequire(import.meta.url)(await bundle("live.cjs", LIVE));
  const { reconcileWatch, CloudWatchClient, EC2Client, RunInstancesCommand, TerminateInstancesCommand } = live;
  const spec = {
    site: "bench",
    watch: "web",
    instances: ["web-*"],
    thresholds: { cpuPercent: 90, memoryPercent: 90, diskPercent: 85, minutes: 15 },
    actions: [],
    hasDashboard: true,
    vpns: [],
  };
  const place = { partition: "aws", region: "ap-northeast-1", account: "123456789012" };
  const ec2 = new EC2Client({});
  const start = async (name, count) => {
    const TagSpecifications = [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: name }] }];
    const words = { ImageId: "ami-12c6146b", MinCount: count, MaxCount: count, TagSpecifications };
    return (await ec2.send(new RunInstancesCommand(words))).Instances.map(({ InstanceId }) => InstanceId);
  };
  const ids = await start("web-fleet", WATCHED);
  const reconcile = async (what) => {
    const calls = new Map();
    const clients = { ec2: counted(new EC2Client({}), calls), cloudWatch: counted(new CloudWatchClient({}), calls) };
    const begun = process.hrtime.bigint();
    const { instances, put, deleted, unchanged } = await reconcileWatch(clients, spec, place, () => false);
    const took = Number(process.hrtime.bigint() - begun) / 1e9;
    const total = [...calls.values()].reduce((sum, count) => sum + count, 0);
    say(`\n  ${what}: ${instances} instances, ${put} alarms put, ${deleted} deleted, ${unchanged} left as they are`);
    say(
      `    ${total} calls in ${took.toFixed(1)} s: ${[...calls].map(([name, count]) => `${name.replace(/Command$/, "")} ${count}`).join(", ")}`,
    );
    const pages = Math.max(0, Math.ceil((put + deleted + unchanged) / 100) - 1);
    say(`    (the emulator tells all alarms at once, AWS 100 at a time: up to ${pages} calls more)`);
    // Put and Delete one by one, and a look at each alarm before: what has no plan does each time.
    const oneByOne = instances + 2 * (put + unchanged) + deleted;
    say(
      `    asking for each instance's and each alarm's state, and changing one at a time: ${oneByOne} calls (${(oneByOne / total).toFixed(1)} x)`,
    );
  };
  say(`\nThe live mode's function with ${WATCHED} instances, against the emulator`);
  await reconcile("first run");
  await reconcile("nothing has changed");
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids.slice(0, 100) }));
  await start("web-new", 20);
  await reconcile("100 have gone, 20 have come");
}

try {
  await benchSynth();
  if (process.env.AWS_ENDPOINT_URL) await benchReconcile();
  else say("\nskipped: the live mode, which needs the emulator: npm run bench:watches");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
