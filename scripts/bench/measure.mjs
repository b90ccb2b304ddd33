// One process, measured from outside by GNU time: its own wall time, CPU time and peak memory.
import { spawnSync } from "node:child_process";

export const HAS_GNU_TIME = spawnSync("/usr/bin/time", ["-f", "%e", "true"], { stdio: "ignore" }).status === 0;

/** Seconds, seconds, MiB. Throws if the command fails. */
export function measure([command, ...args], options = {}) {
  const run = spawnSync("/usr/bin/time", ["-f", "%e %U %S %M", command, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...options,
  });
  const lines = (run.stderr ?? "").trimEnd().split("\n");
  if (run.status !== 0) throw new Error(`${command} ${args.join(" ")}\n${run.stdout}\n${lines.join("\n")}`);
  const [wall, user, system, kilobytes] = lines.at(-1).split(" ").map(Number);
  return { wall, cpu: user + system, megabytes: kilobytes / 1024 };
}

/**
 * The contestants in turn, `rounds` times, so that what else the machine does meets all of them; of each the least CPU
 * time, the least wall time and the peak memory.
 */
export function compete(contestants, rounds) {
  const runs = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, command, options } of contestants) runs.get(name).push(measure(command, options));
  }
  return new Map(
    [...runs].map(([name, all]) => [
      name,
      {
        wall: Math.min(...all.map(({ wall }) => wall)),
        cpu: Math.min(...all.map(({ cpu }) => cpu)),
        megabytes: Math.max(...all.map(({ megabytes }) => megabytes)),
      },
    ]),
  );
}
