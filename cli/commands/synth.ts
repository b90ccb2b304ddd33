import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError, ExternalError } from "../../config/problems";
import type { Io } from "../io";
import { loadSiteFile, siteFile } from "../site-file";

/** Runs the app that `cdktf.json` names, in a process of its own: a command line that makes no Terraform need not load it. */
export function synth(io: Io, argument: string | undefined, options: { out: string; json?: boolean }): number {
  loadSiteFile(io, argument);
  const folder = resolve(io.cwd, options.out);
  makeParent(folder, options.out);
  const child = spawnSync(process.execPath, [join(io.root, "dist/main.js")], {
    cwd: io.cwd,
    env: { ...io.env, SITE: siteFile(io, argument), CDKTF_OUTDIR: folder },
    encoding: "utf8",
  });
  if (child.status === 1)
    throw new ConfigError(siteFile(io, argument), [{ path: [], rule: child.stderr.trim(), fix: "mend the file" }]);
  if (child.status !== 0) throw new ExternalError(`synth failed: ${child.error?.message ?? child.stderr.trim()}`);
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  const stacks = Object.keys(manifest.stacks);
  const written = stacks.map((name) => join(options.out, "stacks", name, "cdk.tf.json"));
  if (options.json) io.out(`${JSON.stringify({ ok: true, stacks, written }, null, 2)}\n`);
  else
    io.out(
      `${written.map((file) => `Wrote ${file}`).join("\n")}\nNext: \`npx cdktf deploy '*'\` in the folder of cdktf.json.\n`,
    );
  return 0;
}

/** cdktf makes the folder itself, but none above it. */
function makeParent(folder: string, shown: string): void {
  try {
    mkdirSync(dirname(folder), { recursive: true });
  } catch (error) {
    throw new ExternalError(`can't write to ${JSON.stringify(shown)}: ${(error as Error).message}`);
  }
}
