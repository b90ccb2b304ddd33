// Writes site.schema.json (what editors complete and check site.yaml with) from config/schema/site.ts, the one source.
// `--check [FILE]` writes nothing and fails if the committed file (or FILE) is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const FILE = join(ROOT, "site.schema.json");

async function currentSchema() {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["config/schema/json-schema.ts"],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    write: false,
    logLevel: "warning",
  });
  const module = { exports: {} };
  new Function("module", "exports", "require", outputFiles[0].text)(
    module,
    module.exports,
    (await import("node:module")).createRequire(import.meta.url),
  );
  return module.exports.renderSiteJsonSchema();
}

const text = await currentSchema();
const [mode, file] = process.argv.slice(2);
if (mode !== "--check") {
  writeFileSync(FILE, text);
} else if (text !== readFileSync(file ?? FILE, "utf8")) {
  process.stderr.write(`${file ?? "site.schema.json"} is stale: run \`node scripts/write-schema.mjs\`\n`);
  process.exitCode = 1;
}
