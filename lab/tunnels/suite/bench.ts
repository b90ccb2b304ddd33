import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Boot } from "./boot";
import { type GapRun, gapTable } from "./gap-table";
import { keepResults } from "./kept-results";
import { CACHE, clockFrom, exitOnSignals, hasTools, imageOf, LAB, ROOT, scratchFolder } from "./lab-tools";
import { prepareInput } from "./prepare-input";
import { runBoot } from "./run-boot";
import type { SiteVariant } from "./site-variant";

const USAGE = `usage: npm run bench:tunnel -- [--runs N] [--only PATTERN] [--clouds aws,oracle,azure] [--suite bookworm|trixie] [--jobs N] [--no-write]

  How long traffic stands still when a path is black-holed, a peer killed, its BGP taken away, or a path flaps. Keeps what
  it measured in lab/tunnels/results.json, beside what was measured before, and writes lab/tunnels/results.md from that. --runs: each fault on each cloud (20). --clouds: those that the site has (all three). --jobs: VMs at once (1: what
  is measured is time).
`;
const CLOUDS = { aws: "AWS", oracle: "OCI", azure: "Azure" } as const;
type Cloud = keyof typeof CLOUDS;
const FAULTS = {
  cut: { said: "path black-holed", window: { bgp: 14, static: 45 } },
  kill: { said: "peer killed", window: { bgp: 14, static: 14 } },
  bgp: { said: "BGP closed, ESP lives", window: { bgp: 14, static: 0 } },
  flap: { said: "path cut and healed every 4 s", window: { bgp: 24, static: 45 } },
} as const;
type Fault = keyof typeof FAULTS;
const HOLD_DOWN_SECONDS = 3;

function benches(suite: Boot["suite"], runs: number, clouds: readonly Cloud[]): Boot[] {
  const libreswan = suite === "bookworm" ? "4.10" : "5.2";
  return (["bgp", "static"] as const).flatMap((routing) =>
    (Object.keys(FAULTS) as Fault[])
      .filter((fault) => FAULTS[fault].window[routing] > 0)
      .map((fault): Boot => {
        const variant: SiteVariant = { libreswan, routing, isBehindNat: true, clouds };
        const name = `bench/${libreswan}/${routing}/${fault}`;
        const window = FAULTS[fault].window[routing];
        const seconds = runs * clouds.length * (window + 60);
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
              call: `case_bench ${fault} ${runs} ${window} ${clouds.map((cloud) => `tokyo-${cloud}`).join(" ")}`,
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
      clouds: { type: "string", default: Object.keys(CLOUDS).join(",") },
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
  const clouds = values.clouds.split(",").filter((cloud): cloud is Cloud => cloud in CLOUDS);
  const queue = benches(suite, Number(values.runs), clouds).filter(
    ({ name }) => values.only === undefined || new RegExp(values.only).test(name),
  );
  const order = queue.map(({ name }) => name);
  const clock = clockFrom(Date.now());
  const found: (GapRun & { readonly boot: string })[] = [];
  const vtyshMs: number[] = [];
  const failures: string[] = [];
  const worker = async () => {
    for (let boot = queue.shift(); boot; boot = queue.shift())
      await measure(boot, image, clock, { found, vtyshMs, failures });
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  const runs = [...found].sort((a, b) => order.indexOf(a.boot) - order.indexOf(b.boot));
  process.stdout.write(`\n${gapTable(runs)}\n${failures.map((line) => `failed: ${line}\n`).join("")}`);
  if (!values["no-write"] && found.length > 0) keepResults(LAB, suite, { runs, vtyshMs }, HOLD_DOWN_SECONDS);
  return failures.length > 0 ? 1 : 0;
}

async function measure(
  boot: Boot,
  image: string,
  clock: () => string,
  into: {
    readonly found: (GapRun & { readonly boot: string })[];
    readonly vtyshMs: number[];
    readonly failures: string[];
  },
): Promise<void> {
  const { found, vtyshMs, failures } = into;
  const folder = scratchFolder();
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
      if (run.vtyshMs) {
        if (routing === "bgp") vtyshMs.push(...run.vtyshMs);
        return;
      }
      const cloud = CLOUDS[run.connection.replace("tokyo-", "") as Cloud];
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
