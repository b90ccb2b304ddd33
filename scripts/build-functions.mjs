// Bundles every function: `functions/<name>/handler-aws.ts` becomes <out>/<name>.zip for Lambda (index.js in it), and
// `functions/<name>/handler-oci.ts` becomes <out>/<name>-oci/func.js for OCI's Node FDK, with what an image is built from. The
// same source gives the same bytes, so that Terraform sees a change only where there is one.
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { build } from "esbuild";
import { ZipFile } from "yazl";

/** Lambda runs Node 24, OCI Functions Node 22; the tests run the same bundles on the Node at hand. */
const TARGET = "node20";

/** The earliest that zip's format knows: a build's time must not change the archive. */
const NO_TIME = new Date(1980, 0, 1);

export async function buildFunctions(root, out) {
  const names = existsSync(join(root, "functions"))
    ? readdirSync(join(root, "functions"), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
    : [];
  mkdirSync(out, { recursive: true });
  const made = (
    await Promise.all(names.flatMap((name) => [bundleForAws(root, out, name), bundleForOci(root, out, name)]))
  ).flat();
  for (const name of readdirSync(out)) if (!made.includes(name)) rmSync(join(out, name), { recursive: true });
}

async function bundleForAws(root, out, name) {
  const entry = join(root, "functions", name, "handler-aws.ts");
  if (!existsSync(entry)) return [];
  await bundle(root, entry, join(out, name, "index.js"));
  await zip(join(out, name, "index.js"), join(out, `${name}.zip`));
  return [name, `${name}.zip`];
}

async function bundleForOci(root, out, name) {
  const entry = join(root, "functions", name, "handler-oci.ts");
  if (!existsSync(entry)) return [];
  await bundle(root, entry, join(out, `${name}-oci`, "func.js"));
  const image = join(root, "functions/common/oci-image");
  copyFileSync(join(image, "Dockerfile"), join(out, `${name}-oci`, "Dockerfile"));
  const description = readFileSync(join(image, "func.yaml"), "utf8").replace("name: NAME", `name: ${name}`);
  writeFileSync(join(out, `${name}-oci`, "func.yaml"), description);
  return [`${name}-oci`];
}

async function bundle(root, entry, outfile) {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: TARGET,
    format: "cjs",
    charset: "utf8",
    minify: true,
    keepNames: true,
    mainFields: ["module", "main"],
    logLevel: "warning",
    legalComments: "none",
  });
}

async function zip(file, target) {
  const archive = new ZipFile();
  archive.addBuffer(readFileSync(file), "index.js", { mtime: NO_TIME, mode: 0o100644 });
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(`${target}.new`));
  renameSync(`${target}.new`, target);
}
