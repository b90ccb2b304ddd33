// run-suite.mjs [--entry main|bench|rehearsal] [options]: bundles suite/ENTRY.ts and the product, then runs it. --help says how.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
if (!process.env.KAKEHASHI_DIST) {
  const product = spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs"), "--if-stale"], { stdio: "inherit" });
  if (product.status !== 0) process.exit(2);
}
const words = process.argv.slice(2);
const entry = words[0] === "--entry" ? words.splice(0, 2)[1] : "main";
const bundle = join(ROOT, "dist/lab", `${entry}.js`);
await build({
  absWorkingDir: ROOT,
  entryPoints: [`lab/tunnels/suite/${entry}.ts`],
  outfile: bundle,
  bundle: true,
  platform: "node",
  target: "node20",
  loader: { ".sh": "text", ".tmpl": "text", ".yaml": "text" },
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, [bundle, ...words], {
  stdio: "inherit",
  env: { ...process.env, KAKEHASHI_ROOT: ROOT },
});
process.exit(status ?? 130);
