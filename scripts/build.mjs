// Bundles the app (dist/main.js) and the command line (dist/cli.js) with esbuild: synth then costs a tenth of a
// second instead of the ten that ts-node and the providers' root imports take (see `npm run bench`).
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const DIST = join(ROOT, "dist");
const SOURCES = [
  "main.ts",
  "package-lock.json",
  "scripts/build.mjs",
  "scripts/launch.cjs",
  "scripts/patch-cdktf.mjs",
  "config",
  "modules",
  "stacks",
  "libreswan",
  "catalog",
  "diagram",
  "cli",
  "functions",
  "examples",
  "site.schema.json",
];

/** `import("./aws/commands")` becomes a file of its own, which only the commands that need it load. */
const awsCommandsApart = {
  name: "aws-commands-apart",
  setup(build) {
    build.onResolve({ filter: /^\.\/aws\/commands$/ }, () => ({ path: "./cli-aws.js", external: true }));
  },
};

function newestChange(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function isStale() {
  const built = statSync(join(DIST, "cli.js"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return SOURCES.some((source) => newestChange(join(ROOT, source)) > built);
}

if (!process.argv.includes("--if-stale") || isStale()) {
  const { build } = await import("esbuild");
  const { buildFunctions } = await import("./build-functions.mjs");
  const { patchCdktf } = await import("./patch-cdktf.mjs");
  await buildFunctions(ROOT, join(DIST, "functions"));
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: { main: "main.ts", cli: "cli/cli.ts", "cli-aws": "cli/aws/commands.ts" },
    entryNames: "[name]-[hash]",
    outdir: "dist",
    write: false,
    bundle: true,
    platform: "node",
    target: "node20",
    // launch.cjs compiles bundles as scripts, which know no import(): it becomes require().
    supported: { "dynamic-import": false },
    format: "cjs",
    charset: "ascii",
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [patchCdktf, awsCommandsApart],
    loader: { ".sh": "text", ".tmpl": "text", ".yaml": "text" },
    logLevel: "warning",
    legalComments: "none",
  });
  install(outputFiles);
}

/** Each entry is a line that has launch.cjs run its bundle. The entries come last, whole: they are what makes it up to date. */
function install(bundles) {
  const files = new Map([["launch.cjs", readFileSync(join(ROOT, "scripts/launch.cjs"))]]);
  for (const { path, contents } of bundles) files.set(basename(path), contents);
  for (const { path } of bundles) {
    const entry = basename(path).replace(/-[^-]*$/, ".js");
    // npx runs it as a program.
    const interpreter = entry === "cli.js" ? "#!/usr/bin/env node\n" : "";
    files.set(entry, `${interpreter}require("./launch.cjs")(${JSON.stringify(basename(path))}, module, require);\n`);
  }
  mkdirSync(DIST, { recursive: true });
  for (const [name, content] of files) {
    writeFileSync(join(DIST, `${name}.new`), content, { mode: name === "cli.js" ? 0o755 : 0o644 });
    renameSync(join(DIST, `${name}.new`), join(DIST, name));
  }
  for (const name of readdirSync(DIST)) {
    if (
      !["functions", "lab"].includes(name) &&
      ![...files.keys()].some((kept) => name === kept || name.startsWith(`${kept}.`))
    )
      rmSync(join(DIST, name), { recursive: true });
  }
}
