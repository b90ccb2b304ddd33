import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Boot } from "./boot";
import { type GapRun, gapTable } from "./gap-table";
import { CACHE, clockFrom, exitOnSignals, hasTools, imageOf, LAB, ROOT } from "./lab-tools";
import { prepareInput } from "./prepare-input";
import { runBoot } from "./run-boot";
import type { SiteVariant } from "./site-variant";

const USAGE = `usage: npm run bench:tunnel -- [--runs N] [--only PATTERN] [--suite bookworm|trixie] [--jobs N] [--no-write]

  How long traffic stands still when a path is black-holed, a peer killed, its BGP taken away, or a path flaps. Writes
  lab/tunnels/results.md. --runs: each fault on each cloud (20). --jobs: VMs at once (1: what is measured is time).
`;
const NAMES = { "tokyo-aws": "AWS", "tokyo-oracle": "OCI", "tokyo-azure": "Azure" } as const;
const FAULTS = {
  cut: { said: "path black-holed", window: { bgp: 14, static: 45 } },
  kill: { said: "peer killed", window: { bgp: 14, static: 14 } },
  bgp: { said: "BGP closed, ESP lives", window: { bgp: 14, static: 0 } },
  flap: { said: "path cut and healed every 4 s", window: { bgp: 24, static: 45 } },
} as const;
type Fault = keyof typeof FAULTS;
const HOLD_DOWN_SECONDS = 3;

function benches(suite: Boot["suite"], runs: number): Boot[] {
  const libreswan = suite === "bookworm" ? "4.10" : "5.2";
  return (["bgp", "static"] as const).flatMap((routing) =>
    (Object.keys(FAULTS) as Fault[])
      .filter((fault) => FAULTS[fault].window[routing] > 0)
      .map((fault): Boot => {
        const variant: SiteVariant = { libreswan, routing, isBehindNat: true, clouds: ["aws", "oracle", "azure"] };
        const name = `bench/${libreswan}/${routing}/${fault}`;
        const window = FAULTS[fault].window[routing];
        const seconds = runs * 3 * (window + 60);
        return {
          name,
          suite,
          variant,
          cases: [
            { id: `${name}/install`, proves: "", seconds: 300, call: `case_bench_install ${HOLD_DOWN_SECONDS}` },
            {
              id: `${name}/runs`,
              proves: "",
              seconds,
              call: `case_bench ${fault} ${runs} ${window} ${Object.keys(NAMES).join(" ")}`,
            },
          ],
        };
      }),
  );
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean" },
      runs: { type: "string", default: "20" },
      only: { type: "string" },
      suite: { type: "string", default: "bookworm" },
      jobs: { type: "string", default: "1" },
      "no-write": { type: "boolean" },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (!hasTools()) {
    process.stdout.write("skipped: QEMU or mmdebstrap cannot be had on this machine\n0 passed, 0 failed\n");
    return 0;
  }
  const suite = values.suite === "trixie" ? "trixie" : "bookworm";
  const image = imageOf(suite);
  const queue = benches(suite, Number(values.runs)).filter(
    ({ name }) => values.only === undefined || new RegExp(values.only).test(name),
  );
  const order = queue.map(({ name }) => name);
  const clock = clockFrom(Date.now());
  const found: (GapRun & { readonly boot: string })[] = [];
  const failures: string[] = [];
  const worker = async () => {
    for (let boot = queue.shift(); boot; boot = queue.shift()) await measure(boot, image, clock, found, failures);
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  const table = gapTable([...found].sort((a, b) => order.indexOf(a.boot) - order.indexOf(b.boot)));
  process.stdout.write(`\n${table}\n${failures.map((line) => `failed: ${line}\n`).join("")}`);
  if (!values["no-write"] && found.length > 0) {
    const command = `npm run bench:tunnel -- --runs ${values.runs} --suite ${suite}${values.only ? ` --only '${values.only}'` : ""}`;
    writeFileSync(join(LAB, "results.md"), describeResults(command, suite, table));
  }
  return failures.length > 0 ? 1 : 0;
}

async function measure(
  boot: Boot,
  image: string,
  clock: () => string,
  found: (GapRun & { readonly boot: string })[],
  failures: string[],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kakehashi-lab."));
  const print = (text: string) => process.stdout.write(`${clock()}  ${text}\n`);
  const [, , routing, fault] = boot.name.split("/") as [string, string, "bgp" | "static", Fault];
  try {
    print(`boot ${boot.name}`);
    const input = prepareInput(ROOT, boot, folder);
    const results = join(CACHE, "results", boot.name.replaceAll("/", "-"));
    await runBoot(LAB, image, boot, { input, results }, (event) => {
      if (event.kind === "FAILED") failures.push(`${event.id}: ${event.reason}`);
      if (event.kind === "FAILED" || event.kind === "ok") print(`${event.kind} ${event.id} ${event.seconds} s`);
      if (event.kind !== "result") return;
      const run = JSON.parse(event.text);
      const cloud = NAMES[run.connection as keyof typeof NAMES];
      found.push({
        ...run,
        boot: boot.name,
        row: `${FAULTS[fault].said}: ${cloud}, ${routing === "bgp" ? "BGP" : "static routes"}`,
      });
      print(`${boot.name} ${cloud} run ${run.run}: out ${run.outboundOneWayMs} ms, in ${run.inboundOneWayMs} ms`);
    });
  } catch (error) {
    failures.push(`${boot.name}: ${(error as Error).message}`);
  }
  rmSync(folder, { recursive: true, force: true });
}

function describeResults(command: string, suite: string, table: string): string {
  const system = suite === "bookworm" ? "Debian 12, Libreswan 4.10, FRR 8.4" : "Debian 13, Libreswan 5.2, FRR 10.3";
  return `# Fail-over, measured

Made by \`${command}\` (${system}, under QEMU's software emulation, where every process of the controller is some twenty times slower
than on a real machine). The longest silence of each run: out is what the site sends, as it arrives in the cloud; in is what the
cloud sends, as it arrives at the site; both is a ping from either side with its answer. Pings run every 50 ms.
The watcher's settings are the defaults but for HOLD_DOWN=${HOLD_DOWN_SECONDS}, which only spares waiting between two runs.

${table}
`;
}

exitOnSignals();
main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 2;
  },
);
