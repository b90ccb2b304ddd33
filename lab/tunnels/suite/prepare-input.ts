import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseSite } from "../../../config/parse-site";
import { buildLab, readDeployed } from "../peers/build-lab";
import type { StackJson } from "../peers/stack-json";
import type { Boot } from "./boot";
import { generatedFacts, type Keys } from "./generated-facts";
import { controllerWires, type SiteVariant, siteVariant } from "./site-variant";

/**
 * Fills FOLDER/input with what a boot's guest gets: the lab's scripts, the clouds, the plan, and the controllers' trees exactly as
 * `kakehashi render` wrote them.
 * @throws Error with what a command said
 */
export function prepareInput(root: string, boot: Boot, folder: string): string {
  const input = join(folder, "input");
  mkdirSync(join(input, "trees"), { recursive: true });
  copyGuest(root, input);
  const keys: Keys = new Map();
  const controller = boot.controller ?? "tokyo";
  const base = renderVariant(root, boot.variant, join(folder, "base"), keys);
  cpSync(join(base.trees, controller), join(input, "trees/base"), { recursive: true });
  const wires = { controller: controllerWires(boot.variant.isBehindNat, boot.controller) };
  writeFileSync(join(input, "lab.json"), JSON.stringify(buildLab(base.stacks, readDeployed(base.outputs), wires)));
  for (const [name, variant] of Object.entries(boot.laterTrees ?? {})) {
    const later = renderVariant(root, variant, join(folder, name), keys);
    cpSync(join(later.trees, controller), join(input, "trees", name), { recursive: true });
    writeFileSync(
      join(input, `lab-${name}.json`),
      JSON.stringify(buildLab(later.stacks, readDeployed(later.outputs), wires)),
    );
  }
  writeFileSync(join(input, "plan"), boot.cases.map(({ id, seconds, call }) => `${id} ${seconds} ${call}\n`).join(""));
  return input;
}

export function copyGuest(root: string, input: string): void {
  cpSync(join(root, "lab/tunnels/guest"), input, { recursive: true });
}

interface Rendered {
  readonly trees: string;
  readonly stacks: Readonly<Record<string, StackJson>>;
  readonly outputs: string;
}

/** site.yaml → `kakehashi synth` → outputs → `kakehashi render`, by the product's own commands. */
function renderVariant(root: string, variant: SiteVariant, folder: string, keys: Keys): Rendered {
  mkdirSync(folder, { recursive: true });
  const text = siteVariant(root, variant);
  writeFileSync(join(folder, "site.yaml"), text);
  run(root, folder, "main.js", [], { SITE: "site.yaml", CDKTF_OUTDIR: join(folder, "cdktf.out") });
  const outputs = generatedFacts(parseSite(text, "site.yaml"), keys);
  writeFileSync(join(folder, "outputs.json"), outputs, { mode: 0o600 });
  run(root, folder, "cli.js", ["render", "site.yaml", "--facts", "outputs.json", "--out", "out"]);
  return { trees: join(folder, "out/lab"), stacks: readStacks(join(folder, "cdktf.out/stacks")), outputs };
}

export function readStacks(folder: string): Record<string, StackJson> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(join(folder, name, "cdk.tf.json"), "utf8"))]),
  );
}

/** One of the product's own programs, as a user runs it. */
export function run(
  root: string,
  cwd: string,
  program: string,
  words: readonly string[],
  env: Record<string, string> = {},
): void {
  const dist = process.env.KAKEHASHI_DIST ?? join(root, "dist");
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, program), ...words], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
    encoding: "utf8",
  });
  if (status !== 0 || (program === "main.js" && stderr !== ""))
    throw new Error(`${program} ${words.join(" ")}: ${stdout}${stderr}`.trim());
}
