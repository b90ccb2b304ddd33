import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const run = (...words: string[]) =>
  spawnSync(process.execPath, [join(ROOT, "scripts/push-images.mjs"), ...words], { encoding: "utf8" });

test("names the image of every function where the stacks look for it", () => {
  const { status, stdout } = run("ocir.ap-tokyo-1.oci.oraclecloud.com/mynamespace", "v1", "--dry-run");
  expect(status).toBe(0);
  const pushed = stdout.split("\n").filter((line) => line.startsWith("docker push"));
  expect(pushed).toEqual(
    ["alarm-forwarder", "chat-notifier", "relay-authorizer", "relay-intake"].map(
      (name) => `docker push ocir.ap-tokyo-1.oci.oraclecloud.com/mynamespace/kakehashi/${name}:v1`,
    ),
  );
  expect(stdout).toContain("Next: TF_VAR_function_image_tag=v1 npx cdktf deploy");
});

test.each([
  [["ocir.ap-tokyo-1.oci.oraclecloud.com", "v1"]],
  [["ocir.ap-tokyo-1.oci.oraclecloud.com/ns"]],
  [["ocir.ap-tokyo-1.oci.oraclecloud.com/ns", "v1; rm -rf /"]],
  [["--dry-run", "$(id)/ns", "v1"]],
])("refuses %j, and says how it is called", (words) => {
  const { status, stderr, stdout } = run(...words);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("usage: npm run images -- ocir.<region>.oci.oraclecloud.com/<namespace> <tag> [--dry-run]");
});

test("each image is built from the function's bundle alone", () => {
  const folder = join(ROOT, "dist/functions/alarm-forwarder-oci");
  expect(readdirSync(folder).sort()).toEqual(["Dockerfile", "func.js", "func.yaml"]);
  expect(readFileSync(join(folder, "func.yaml"), "utf8")).toContain("\nname: alarm-forwarder\n");
  const copied = /^COPY (\S+) /m.exec(readFileSync(join(folder, "Dockerfile"), "utf8"))?.[1];
  expect(readdirSync(folder)).toContain(copied);
});
