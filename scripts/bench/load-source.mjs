// Loads one of the app's TypeScript files into this process.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export async function loadSource(path) {
  const folder = mkdtempSync(join(tmpdir(), "kakehashi-bench-"));
  try {
    const outfile = join(folder, "source.cjs");
    await build({ absWorkingDir: ROOT, entryPoints: [path], outfile, bundle: true, platform: "node", format: "cjs" });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
