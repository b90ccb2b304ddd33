/** One run of one fault, as the guest measured it. Milliseconds; -1 where nothing arrived. */
export interface GapRun {
  readonly row: string;
  readonly outboundOneWayMs: number;
  readonly inboundOneWayMs: number;
  readonly outboundRoundTripMs: number;
  readonly inboundRoundTripMs: number;
}

/**
 * The longest silence of each run, per row: p50 / p95 / worst in seconds. Out and in are one way, at the receiver; both is a question
 * with its answer, from either side.
 */
export function gapTable(runs: readonly GapRun[]): string {
  const head = ["what breaks", "runs", "out p50 / p95 / worst", "in p50 / p95 / worst", "both p50 / p95 / worst"];
  const rows = [...new Set(runs.map(({ row }) => row))].map((row) => {
    const of = runs.filter((run) => run.row === row);
    return [
      row,
      String(of.length),
      describe(of.map((run) => run.outboundOneWayMs)),
      describe(of.map((run) => run.inboundOneWayMs)),
      describe(of.map((run) => Math.max(run.outboundRoundTripMs, run.inboundRoundTripMs))),
    ];
  });
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] as string).length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] as number)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function describe(gaps: readonly number[]): string {
  const sorted = [...gaps].sort((a, b) => a - b);
  // Nearest rank.
  const at = (share: number) => `${((sorted[Math.ceil(share * sorted.length) - 1] as number) / 1000).toFixed(1)}`;
  return `${at(0.5)} / ${at(0.95)} / ${at(1)} s`;
}
