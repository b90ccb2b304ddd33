// push-images.mjs REGISTRY/NAMESPACE TAG [--dry-run]: builds the image of every OCI function and pushes it to where the stacks
// look for it, `<registry>/<namespace>/kakehashi/<function>:<tag>`. Log in first: `docker login REGISTRY`.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FUNCTIONS = join(dirname(fileURLToPath(import.meta.url)), "../dist/functions");
/** The stacks' applications have the shape GENERIC_X86. */
const PLATFORM = "linux/amd64";

const isDryRun = process.argv.includes("--dry-run");
const [registry, tag] = process.argv.slice(2).filter((word) => word !== "--dry-run");
if (!/^[a-z0-9.-]+\/[a-z0-9_-]+$/.test(registry ?? "") || !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag ?? "")) {
  process.stderr.write(
    "usage: npm run images -- ocir.<region>.oci.oraclecloud.com/<namespace> <tag> [--dry-run]\n" +
      "The namespace is your tenancy's in Object Storage: `oci os ns get`.\n",
  );
  process.exit(1);
}
const names = readdirSync(FUNCTIONS).flatMap((folder) => /^(.+)-oci$/.exec(folder)?.[1] ?? []);
for (const name of names) {
  const image = `${registry}/kakehashi/${name}:${tag}`;
  run("docker", "build", "--platform", PLATFORM, "--tag", image, join(FUNCTIONS, `${name}-oci`));
  run("docker", "push", image);
}
process.stdout.write(`Next: TF_VAR_function_image_tag=${tag} npx cdktf deploy …\n`);

function run(...words) {
  process.stdout.write(`${words.join(" ")}\n`);
  if (isDryRun) return;
  const { error, status } = spawnSync(words[0], words.slice(1), { stdio: "inherit" });
  if (error) process.stderr.write(`${words[0]} can't be run: ${error.code}\n`);
  if (error || status !== 0) process.exit(2);
}
