// run-bundle.mjs ENTRY [options]: bundles ENTRY (TypeScript, below lab/road) and runs it. Started by scripts/test-aws.mjs --run.
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../..");
const OUT = join(ROOT, "dist/lab");
const [entry, ...words] = process.argv.slice(2);
const bundle = join(OUT, `road-${basename(entry, ".ts")}.js`);
await build({
  absWorkingDir: ROOT,
  entryPoints: [join(HERE, entry)],
  outfile: bundle,
  bundle: true,
  platform: "node",
  target: "node20",
  logLevel: "warning",
});
// Child processes load these from beside the bundle.
mkdirSync(OUT, { recursive: true });
copyFileSync(join(HERE, "../gateway/lambda-host.cjs"), join(OUT, "lambda-host.cjs"));
copyFileSync(join(HERE, "redirect.cjs"), join(OUT, "redirect.cjs"));
const child = spawn(process.execPath, [bundle, ...words], {
  stdio: "inherit",
  env: { ...process.env, KAKEHASHI_ROOT: ROOT },
});
// Ctrl+C reaches the whole group: the child ends by itself, and this one after it.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code) => process.exit(code ?? 130));
