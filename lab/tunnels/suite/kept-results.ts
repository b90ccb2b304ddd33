import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Boot } from "./boot";
import { type GapRun, gapTable } from "./gap-table";

type Suite = Boot["suite"];
interface KeptSuite {
  readonly runs: readonly GapRun[];
  /** What single calls of vtysh took there, by which the watcher moves what the cloud sends: the part of a gap that emulation makes long. */
  readonly vtyshMs: readonly number[];
}
type Kept = Readonly<Partial<Record<Suite, KeptSuite>>>;

const SYSTEMS: Readonly<Record<Suite, string>> = {
  bookworm: "Debian 12, Libreswan 4.10, FRR 8.4",
  trixie: "Debian 13, Libreswan 5.2, FRR 10.3",
};

/** Puts the runs of one bench beside those kept of other rows, so that a table of many hours can be made in parts. */
export function keepResults(folder: string, suite: Suite, anew: KeptSuite, holdDownSeconds: number): void {
  const file = join(folder, "results.json");
  const before: Kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const kept = withRuns(before, suite, anew);
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  writeFileSync(join(folder, "results.md"), describeResults(kept, holdDownSeconds));
}

/** A row that was measured anew replaces the old one; the order is that of the faults' names. */
export function withRuns(before: Kept, suite: Suite, { runs, vtyshMs }: KeptSuite): Kept {
  const anew = new Set(runs.map(({ row }) => row));
  const others = (before[suite]?.runs ?? []).filter(({ row }) => !anew.has(row));
  const plain = runs.map(({ row, outboundOneWayMs, inboundOneWayMs, outboundRoundTripMs, inboundRoundTripMs }) => ({
    row,
    outboundOneWayMs,
    inboundOneWayMs,
    outboundRoundTripMs,
    inboundRoundTripMs,
  }));
  return {
    ...before,
    [suite]: {
      runs: [...others, ...plain].sort((a, b) => a.row.localeCompare(b.row)),
      vtyshMs: vtyshMs.length > 0 ? vtyshMs : (before[suite]?.vtyshMs ?? []),
    },
  };
}

function describeVtysh(vtyshMs: readonly number[]): string {
  const median = [...vtyshMs].sort((a, b) => a - b)[Math.floor(vtyshMs.length / 2)];
  if (median === undefined) return "";
  return `\nThe watcher needs (1 + 4) x 0.3 s at most to be sure. With BGP what the cloud sends then waits for one call of vtysh, which tells FRR:\n${(median / 1000).toFixed(1)} s here (the middle of ${vtyshMs.length} calls), some hundredths on a real machine.\n`;
}

function describeResults(kept: Kept, holdDownSeconds: number): string {
  const tables = (Object.keys(SYSTEMS) as Suite[]).flatMap((suite) => {
    const of = kept[suite];
    return of ? [`## ${SYSTEMS[suite]}\n\n${gapTable(of.runs)}\n${describeVtysh(of.vtyshMs)}`] : [];
  });
  return `# Fail-over, measured

Made by \`npm run bench:tunnel\` under QEMU's software emulation, where every process of the controller is some twenty times slower
than on a real machine. The longest silence of each run: out is what the site sends, as it arrives in the cloud; in is what the
cloud sends, as it arrives at the site; both is a ping from either side with its answer. Pings run every 50 ms.
A killed peer has lost its daemons and its SAs; its kernel still closes the BGP session. One that vanishes is a path black-holed.
The watcher's settings are the defaults but for HOLD_DOWN=${holdDownSeconds}, which only spares waiting between two runs.

${tables.join("\n")}`;
}
