import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Boot } from "./boot";
import { type GapRun, gapTable } from "./gap-table";

type Suite = Boot["suite"];
type Kept = Readonly<Partial<Record<Suite, readonly GapRun[]>>>;

const SYSTEMS: Readonly<Record<Suite, string>> = {
  bookworm: "Debian 12, Libreswan 4.10, FRR 8.4",
  trixie: "Debian 13, Libreswan 5.2, FRR 10.3",
};

/** Puts the runs of one bench beside those kept of other rows, so that a table of many hours can be made in parts. */
export function keepResults(folder: string, suite: Suite, runs: readonly GapRun[], holdDownSeconds: number): void {
  const file = join(folder, "results.json");
  const before: Kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const kept = withRuns(before, suite, runs);
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  writeFileSync(join(folder, "results.md"), describeResults(kept, holdDownSeconds));
}

/** A row that was measured anew replaces the old one; the order is that of the faults' names. */
export function withRuns(before: Kept, suite: Suite, runs: readonly GapRun[]): Kept {
  const anew = new Set(runs.map(({ row }) => row));
  const others = (before[suite] ?? []).filter(({ row }) => !anew.has(row));
  const plain = runs.map(({ row, outboundOneWayMs, inboundOneWayMs, outboundRoundTripMs, inboundRoundTripMs }) => ({
    row,
    outboundOneWayMs,
    inboundOneWayMs,
    outboundRoundTripMs,
    inboundRoundTripMs,
  }));
  return { ...before, [suite]: [...others, ...plain].sort((a, b) => a.row.localeCompare(b.row)) };
}

function describeResults(kept: Kept, holdDownSeconds: number): string {
  const tables = (Object.keys(SYSTEMS) as Suite[])
    .filter((suite) => kept[suite])
    .map((suite) => `## ${SYSTEMS[suite]}\n\n${gapTable(kept[suite] ?? [])}\n`);
  return `# Fail-over, measured

Made by \`npm run bench:tunnel\` under QEMU's software emulation, where every process of the controller is some twenty times slower
than on a real machine. The longest silence of each run: out is what the site sends, as it arrives in the cloud; in is what the
cloud sends, as it arrives at the site; both is a ping from either side with its answer. Pings run every 50 ms.
The watcher's settings are the defaults but for HOLD_DOWN=${holdDownSeconds}, which only spares waiting between two runs.

${tables.join("\n")}`;
}
