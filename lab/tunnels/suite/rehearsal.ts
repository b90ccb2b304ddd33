import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildLab, readDeployed } from "../peers/build-lab";
import { CACHE, clockFrom, exitOnSignals, hasTools, imageOf, LAB, ROOT } from "./lab-tools";
import { copyGuest, readStacks, run } from "./prepare-input";
import { runBoot } from "./run-boot";
import { controllerWires } from "./site-variant";

const USAGE = `usage: npm run lab:tunnels -- [--keep]

  The whole main job on this machine, without a cloud account: examples/three-clouds as it is; Terraform deploys stacks of the
  same names, made of its built-in terraform_data, which publish keys and addresses; render; install.sh in a Debian VM; tunnels
  to three clouds that strongSwan and FRR play, from what the synthesised stacks would tell them.

  --keep   leaves the working folder (it holds the rehearsal's keys) and prints its name
`;
const SITE = join(ROOT, "examples/three-clouds/site.yaml");

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: "boolean" }, keep: { type: "boolean" } } });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const clock = clockFrom(Date.now());
  const say = (text: string) => process.stdout.write(`${clock()}  ${text}\n`);
  if (!hasTools()) {
    process.stdout.write("skipped: the rehearsal, for QEMU or mmdebstrap cannot be had on this machine\n");
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), "kakehashi-rehearsal."));
  process.once("exit", () => {
    if (values.keep) process.stdout.write(`kept: ${folder}\n`);
    else rmSync(folder, { recursive: true, force: true });
  });
  say("image     Debian 12 with Libreswan 4.10 (built the first time, then kept)");
  const image = imageOf("bookworm");
  say(`synth     ${SITE}`);
  run(ROOT, folder, "main.js", [], { SITE, CDKTF_OUTDIR: join(folder, "cdktf.out") });
  say("deploy    cdktf deploy of the stand-in stacks, by Terraform itself");
  const outputs = deploy(folder);
  say("render    kakehashi render");
  run(ROOT, folder, "cli.js", ["render", SITE, "--facts", outputs, "--out", "out"]);
  const input = join(folder, "input");
  fillInput(folder, input, readFileSync(outputs, "utf8"));
  say("boot      Debian in QEMU; the clouds beside it");
  return await rehearse(image, input, say);
}

function deploy(folder: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "lab/stand-in/deploy.mjs"), SITE, join(folder, "stand-in")],
    { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  );
  if (status === 77) throw new Error("Terraform is not installed: https://developer.hashicorp.com/terraform/install");
  if (status !== 0) throw new Error(`the stand-in was not deployed:\n${stderr}`);
  return stdout.trim();
}

function fillInput(folder: string, input: string, outputs: string): void {
  mkdirSync(join(input, "trees"), { recursive: true });
  copyGuest(ROOT, input);
  cpSync(join(folder, "out/demo/tokyo"), join(input, "trees/base"), { recursive: true });
  const wires = { controller: controllerWires(true) };
  writeFileSync(
    join(input, "lab.json"),
    JSON.stringify(buildLab(readStacks(join(folder, "cdktf.out/stacks")), readDeployed(outputs), wires)),
  );
  writeFileSync(
    join(input, "plan"),
    [
      "install 300 case_install",
      "AWS 120 case_connection tokyo-aws",
      "OCI 120 case_connection tokyo-oracle",
      "Azure 120 case_connection tokyo-azure",
      "kakehashi-status 90 case_status_well",
      "",
    ].join("\n"),
  );
}

async function rehearse(image: string, input: string, say: (text: string) => void): Promise<number> {
  const results = join(CACHE, "results/rehearsal");
  const rows: [string, string, string][] = [];
  const boot = {
    name: "rehearsal",
    suite: "bookworm",
    variant: undefined as never,
    cases: [{ id: "", proves: "", seconds: 900, call: "" }],
  } as const;
  const status = await runBoot(LAB, image, boot, { input, results }, (event) => {
    if (event.kind === "note") say(`          ${event.id}: ${event.text}`);
    if (event.kind === "begin") say(event.id);
    if (event.kind === "ok") rows.push([event.id, "ok", `${event.seconds} s`]);
    if (event.kind === "FAILED") rows.push([event.id, "FAILED", event.reason]);
  });
  process.stdout.write(`\n${readIfThere(join(results, "status.txt"))}\n`);
  for (const [name, word, rest] of rows) process.stdout.write(`${name.padEnd(18)} ${word.padEnd(7)} ${rest}\n`);
  if (status !== 0) process.stdout.write(`evidence: ${results}\n`);
  return status === 0 ? 0 : 1;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

exitOnSignals();
main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  },
);
