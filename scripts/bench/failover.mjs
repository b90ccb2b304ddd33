// bench:failover: from trigger to "floating address and all routes on the new instance", on one emulator at one pace: the
// engine with a standby, the engine with stamps, and what is done by hand with the SDK's own waiters. In real time: minutes.
import { loadSource } from "./load-source.mjs";

const { compete, PACE } = await loadSource("test/aws/failover-bench.ts");
const figures = await compete();
const hand = figures.at(-1);

process.stdout.write(
  `pace: ${Object.entries(PACE)
    .map(([what, milliseconds]) => `${what} ${milliseconds / 1000} s`)
    .join(", ")}\n\n`,
);
const rows = [
  ["", "seconds", "floor", "calls", "polls", "noticed late (s)", "share", "by hand / this"],
  ...figures.map(({ name, seconds, floorSeconds, calls, polls, wastedSeconds }) => [
    name,
    seconds.toFixed(1),
    floorSeconds.toFixed(1),
    calls,
    polls,
    wastedSeconds.toFixed(1),
    `${((100 * wastedSeconds) / seconds).toFixed(0)} %`,
    `${(hand.seconds / seconds).toFixed(1)} x`,
  ]),
];
const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => String(row[at]).length)));
for (const row of rows)
  process.stdout.write(
    `${row
      .map((cell, at) => String(cell).padEnd(widths[at]))
      .join("  ")
      .trimEnd()}\n`,
  );
