import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, ExternalError } from "../../config/problems";
import awsOnly from "../../examples/aws-only/site.yaml";
import threeClouds from "../../examples/three-clouds/site.yaml";
import schema from "../../site.schema.json";
import type { Io } from "../io";
import { resolveIn } from "../site-file";

const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ["aws-only", awsOnly],
  ["three-clouds", threeClouds],
]);

export function init(io: Io, folder: string, options: { from: string; json?: boolean }): number {
  const example = EXAMPLES.get(options.from);
  if (example === undefined) {
    throw new ConfigError("init", [
      {
        path: ["--from"],
        rule: `must be one of ${[...EXAMPLES.keys()].join(", ")}`,
        got: options.from,
        fix: "use for example --from aws-only",
      },
    ]);
  }
  const target = resolveIn(io, folder);
  const files: [name: string, text: string][] = [
    ["site.yaml", example.replace("$schema=../../site.schema.json", "$schema=./site.schema.json")],
    ["site.schema.json", `${JSON.stringify(schema, null, 2)}\n`],
  ];
  const present = files.map(([name]) => join(folder, name)).filter((file) => existsSync(resolveIn(io, file)));
  // The schema may be renewed at any time; the site file is the user's.
  const site = present.find((file) => file.endsWith("site.yaml"));
  if (site)
    throw new ConfigError("init", [
      { path: [site], rule: "must not exist yet", fix: "name another folder, or remove it first" },
    ]);
  try {
    mkdirSync(target, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(target, name), text);
  } catch (error) {
    throw new ExternalError(`can't write to ${JSON.stringify(folder)}: ${(error as Error).message}`);
  }
  const written = files.map(([name]) => join(folder, name));
  if (options.json) io.out(`${JSON.stringify({ ok: true, written }, null, 2)}\n`);
  else
    io.out(`Wrote ${written.join(" and ")}.\nNext: edit ${written[0]}, then run \`kakehashi check ${written[0]}\`.\n`);
  return 0;
}
