import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { installedLibreswan, whyMissing } from "../../helpers/ipsec-tools";
import { Machine } from "./machine";

const THREE_CLOUDS = "three-clouds/expected/tokyo";
const STATIC_ONLY = "aws-static/expected/tokyo";

const why = process.getuid?.() === 0 ? (whyMissing("ipsec", "vtysh", "nft") ?? whyOtherVersion()) : "not root";
function whyOtherVersion(): string | undefined {
  const version = installedLibreswan();
  return version?.startsWith("4.") ? undefined : `the cases are for Libreswan 4.10, this is ${version}`;
}

const machines: Machine[] = [];
function machine(caseTree = THREE_CLOUDS): Machine {
  const made = new Machine(caseTree);
  machines.push(made);
  return made;
}
afterEach(() => {
  for (const made of machines.splice(0)) made.remove();
});

const check = why ? it.skip : it;
const skipped = why ? ` (skipped: ${why})` : "";

describe(`install.sh${skipped}`, () => {
  check("brings a fresh machine up: files, modes, services", () => {
    const m = machine();
    const ran = m.install();
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    console.log(ran.stdout, ran.did.join("\n"));
  });
});
