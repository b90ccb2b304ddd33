// deploy.mjs SITE FOLDER: bundles the stand-in app and runs a real `cdktf deploy` of it in FOLDER, with Terraform itself.
// Prints the path of the outputs file. Exit code 77: Terraform is not installed.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [site, folder] = process.argv.slice(2).map((path) => resolve(path));
if (!site || !folder) {
  process.stderr.write("usage: deploy.mjs SITE FOLDER\n");
  process.exit(1);
}
if (spawnSync("terraform", ["version"], { stdio: "ignore" }).status !== 0) {
  process.stderr.write("skipped: Terraform is not installed\n");
  process.exit(77);
}

mkdirSync(folder, { recursive: true });
await build({
  absWorkingDir: ROOT,
  entryPoints: ["lab/stand-in/app.ts"],
  outfile: join(folder, "app.js"),
  bundle: true,
  platform: "node",
  logLevel: "warning",
});
writeFileSync(
  join(folder, "cdktf.json"),
  JSON.stringify({ language: "typescript", app: "node app.js", projectId: "stand-in", sendCrashReports: "false" }),
);
const outputs = join(folder, "outputs.json");
const deploy = spawnSync(
  process.execPath,
  [
    join(ROOT, "node_modules/cdktf-cli/bundle/bin/cdktf.js"),
    "deploy",
    "*",
    "--auto-approve",
    "--outputs-file",
    outputs,
    "--outputs-file-include-sensitive-outputs",
  ],
  {
    cwd: folder,
    env: { ...process.env, SITE: site, CHECKPOINT_DISABLE: "1", CI: "1", FORCE_COLOR: "0" },
    encoding: "utf8",
  },
);
// What Terraform prints hides sensitive values itself; it is shown only when something failed.
if (deploy.status !== 0) {
  process.stderr.write(`${deploy.stdout}\n${deploy.stderr}\n`);
  process.exit(2);
}
process.stdout.write(`${outputs}\n`);
