import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Boot, type Case, withCases } from "./boot";
import { allBoots, quickBoots, SKIPPED } from "./boots";
import { CACHE, clockFrom, exitOnSignals, hasTools, imageOf, LAB, ROOT, scratchFolder } from "./lab-tools";
import { prepareInput } from "./prepare-input";
import { type GuestEvent, runBoot } from "./run-boot";

const USAGE = `usage: npm run test:tunnel -- [--list] [--quick] [--only PATTERN] [--suite bookworm|trixie] [--repeat N] [--retry N] [--jobs N] [--quiet]

  --list            names every case and what it proves, runs nothing
  --quick           every kind of case on one of the two versions, each routing once, with NAT and without; the rest is told as skipped
  --only PATTERN    cases whose name contains PATTERN or matches it as a regular expression; what installs is run with them
  --suite SUITE     only Debian 12 (bookworm, Libreswan 4.10) or Debian 13 (trixie, 5.2)
  --repeat N        everything N times
  --retry N         a case that failed is run again, at most N times (0); it is told which ones needed it
  --jobs N          VMs at once (2)
  --quiet           one line a case, without what it measured

Exit: 0 all passed (or the tools for a VM cannot be had: a named skip), 1 a case failed, 2 the lab itself failed.
`;

const clock = clockFrom(Date.now());
const print = (line: string) => process.stdout.write(`${line}\n`);

interface Tally {
  passed: number;
  readonly retried: string[];
  readonly failed: string[];
  readonly skipped: string[];
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      list: { type: "boolean" },
      help: { type: "boolean" },
      quick: { type: "boolean" },
      only: { type: "string" },
      suite: { type: "string" },
      repeat: { type: "string", default: "1" },
      retry: { type: "string", default: "0" },
      jobs: { type: "string", default: "2" },
      quiet: { type: "boolean" },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const { chosen, left } = values.quick ? quickBoots() : { chosen: allBoots(), left: [] };
  const boots = chooseBoots(chosen, values.only, values.suite);
  if (values.list) {
    for (const { id, proves } of boots.flatMap(({ cases }) => cases)) print(`${id.padEnd(40)} ${proves}`);
    for (const reason of SKIPPED) print(`skipped: ${reason}`);
    return 0;
  }
  const tally: Tally = { passed: 0, retried: [], failed: [], skipped: [...SKIPPED] };
  for (const { name, cases } of left)
    tally.skipped.push(`${cases.length} cases of ${name}: not among the quick ones; npm run test:tunnel runs them`);
  if (!hasTools()) {
    tally.skipped.push("every case of the tunnel lab: QEMU or mmdebstrap cannot be had on this machine");
    return finish(tally, undefined);
  }
  if (boots.length === 0) {
    process.stderr.write(`no case matches ${JSON.stringify(values.only)}; --list names them\n`);
    return 2;
  }
  const images = Object.fromEntries(
    [...new Set(boots.map(({ suite }) => suite))].map((suite) => [suite, imageOf(suite)]),
  );
  const evidence = join(CACHE, "results");
  const queue = Array.from({ length: Number(values.repeat) }, () => boots).flat();
  print(`${queue.flatMap(({ cases }) => cases).length} cases in ${queue.length} boots`);
  const worker = async () => {
    for (let boot = queue.shift(); boot; boot = queue.shift()) {
      await runTried(boot, Number(values.retry), images[boot.suite] as string, evidence, tally, values.quiet === true);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  return finish(tally, evidence);
}

function chooseBoots(boots: readonly Boot[], only: string | undefined, suite: string | undefined): Boot[] {
  const matches = ({ id }: Case) => only === undefined || id.includes(only) || new RegExp(only).test(id);
  return boots
    .filter((boot) => suite === undefined || boot.suite === suite)
    .filter(({ cases }) => cases.some(matches))
    .map((boot) => withCases(boot, matches));
}

/** A boot, and what failed in it again as often as is allowed: a virtual machine on a busy host may miss a time limit. */
async function runTried(
  boot: Boot,
  retries: number,
  image: string,
  evidence: string,
  tally: Tally,
  isQuiet: boolean,
): Promise<void> {
  let failed = await runOne(boot, image, evidence, tally, isQuiet);
  for (let left = retries; left > 0 && failed.size > 0; left--) {
    print(`${clock()}  again   ${[...failed.keys()].join(", ")}`);
    const before = failed;
    const again = withCases(boot, ({ id }) => before.has(id));
    failed = await runOne(again, image, evidence, { ...tally, passed: 0 }, isQuiet);
    for (const [id, reason] of before) {
      if (failed.has(id)) continue;
      tally.passed++;
      tally.retried.push(`${id}: ${reason}`);
    }
    // What passed the first time has passed: a run again is for the others.
    failed = new Map([...failed].filter(([id]) => before.has(id)));
  }
  for (const [id, reason] of failed) tally.failed.push(`${id}: ${reason}`);
}

/** @returns the cases that failed, and why */
async function runOne(
  boot: Boot,
  image: string,
  evidence: string,
  tally: Tally,
  isQuiet: boolean,
): Promise<ReadonlyMap<string, string>> {
  const failed = new Map<string, string>();
  const folder = scratchFolder();
  const results = join(evidence, boot.name.replaceAll("/", "-"));
  rmSync(results, { recursive: true, force: true });
  const open = new Map(boot.cases.map((one) => [one.id, one]));
  const close = (id: string, seconds: number, reason?: string) => {
    if (!open.delete(id)) return;
    if (reason === undefined) tally.passed++;
    else failed.set(id, reason);
    print(
      `${clock()}  ${reason === undefined ? "ok    " : "FAILED"}  ${id.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s${reason === undefined ? "" : `  ${reason}`}`,
    );
  };
  const onEvent = (event: GuestEvent) => {
    if (event.kind === "ok") close(event.id, event.seconds);
    else if (event.kind === "FAILED") close(event.id, event.seconds, event.reason);
    else if (event.kind === "note" && !isQuiet) print(`${clock()}          ${event.id}: ${event.text}`);
  };
  let why = "";
  try {
    const input = prepareInput(ROOT, boot, folder);
    print(`${clock()}  boot    ${boot.name} (${boot.cases.length} cases)`);
    const status = await runBoot(LAB, image, boot, { input, results }, onEvent);
    why =
      status === 125
        ? "the guest did not come back"
        : status === 124
          ? "the boot timed out"
          : "a case before it failed";
  } catch (error) {
    why = (error as Error).message;
  }
  for (const id of [...open.keys()]) close(id, 0, `not run: ${why}`);
  return failed;
}

function finish({ passed, retried, failed, skipped }: Tally, evidence: string | undefined): number {
  if (failed.length > 0) {
    print("\nfailed:");
    for (const line of failed) print(`  ${line}`);
    if (evidence && existsSync(evidence)) print(`evidence of each boot: ${evidence}`);
  }
  if (retried.length > 0) {
    print("\npassed at a later try only:");
    for (const line of retried) print(`  ${line}`);
  }
  for (const reason of skipped) print(`skipped: ${reason}`);
  if (skipped.length > 0) print(`${skipped.length} skipped`);
  print(`${passed} passed, ${failed.length} failed`);
  return failed.length > 0 ? 1 : 0;
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
