import { resolve } from "node:path";
import type { Io } from "../../cli/io";
import { run } from "../../cli/run";

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line with a world of its own. */
export async function runCli(argv: readonly string[], world: Partial<Io> = {}): Promise<CliResult> {
  const said = { out: "", err: "" };
  const io: Io = {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    env: { PATH: process.env.PATH },
    cwd: process.cwd(),
    root: resolve("."),
    hasColor: false,
    now: () => new Date("2026-11-21T00:00:00Z"),
    ...world,
  };
  return { code: await run(argv, io), ...said };
}
