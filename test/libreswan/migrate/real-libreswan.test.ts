import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { LIBRESWAN_VERSIONS, type LibreswanVersion } from "../../../config/schema/controllers";
import { KNOWN_KEYWORDS } from "../../../libreswan/migrate/keyword-table";
import { migrateConf } from "../../../libreswan/migrate/migrate-conf";
import { migrateSample, SAMPLES } from "./samples";

const INSTALLED = /Libreswan (?:v|U)?(\d+\.\d+)/.exec(
  spawnSync("ipsec", ["--version"], { encoding: "utf8" }).stdout ?? "",
)?.[1];
const TARGET = LIBRESWAN_VERSIONS.find((version) => version === INSTALLED) as LibreswanVersion;
const CAN_UNSHARE = spawnSync("unshare", ["--net", "--mount", "--pid", "--fork", "true"]).status === 0;
const because = (can: boolean, what: string, why: string) => `${what}${can ? "" : ` (skipped: ${why})`}`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "migrate-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe.each(SAMPLES)("the new text of %s", (name) => {
  const testWithLibreswan = TARGET ? test : test.skip;
  const noLibreswan = "no Libreswan 3.32, 4.10, 4.14 or 5.2 installed";

  testWithLibreswan(because(Boolean(TARGET), "loads without a word", noLibreswan), () => {
    const path = write("ipsec.conf", migrateSample(name, TARGET).text);
    const { status, stdout, stderr } = spawnSync("ipsec", ["addconn", "--config", path, "--checkconfig"], {
      encoding: "utf8",
    });
    expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: "" });
  });

  testWithLibreswan(because(Boolean(TARGET), "has proposals that algparse takes", noLibreswan), () => {
    const proposals = migrateSample(name, TARGET).text.match(/\b(ike|esp)=\S+/g) ?? [];
    expect(proposals.length).toBeGreaterThan(0);
    for (const proposal of proposals) {
      const { status, stderr } = spawnSync("ipsec", ["algparse", "-v2", proposal], { encoding: "utf8" });
      expect({ proposal, status, stderr: status === 0 ? "" : stderr }).toEqual({ proposal, status: 0, stderr: "" });
    }
  });

  const canAdd = Boolean(TARGET) && CAN_UNSHARE;
  (canAdd ? test : test.skip)(
    because(
      canAdd,
      "is added by pluto, conn by conn, and its secrets are read",
      "needs Libreswan and the right to make namespaces",
    ),
    () => {
      const { text, secrets = "", conns } = migrateSample(name, TARGET);
      const args = [write("add.conf", text), write("add.secrets", secrets), ...conns.map(({ name }) => name)];
      const { stdout } = spawnSync(join(__dirname, "add-to-pluto.sh"), args, { encoding: "utf8", timeout: 60_000 });
      const lines = stdout
        .trim()
        .split("\n")
        .filter((line) => line !== "without xfrm interfaces");
      expect(lines).toEqual(conns.map(({ name }) => `${name} added`));
    },
    60_000,
  );
});

const value = fc.oneof(
  fc.constantFrom(
    "yes",
    "no",
    "maybe",
    "1",
    "0",
    "8h",
    "1y",
    "10.0.0.1",
    "10.0.0.0/8",
    "{10.1.0.0/16 x}",
    "%any",
    "@a.b",
    "<X Y>",
    "a b",
    "CN=a, O=b",
  ),
  fc.constantFrom(
    "start",
    "restart",
    "esp",
    "ikev2",
    "secret",
    "psk",
    "aes256-sha2_256;dh14",
    "3des-md5;dh2",
    "17/1701",
    "vti1",
    "11",
    "-1",
    "",
  ),
  fc.string({ unit: "grapheme", maxLength: 8 }),
);
const ANY_LINE = fc.tuple(fc.constantFrom("", "left", "right"), fc.constantFrom(...KNOWN_KEYWORDS), value);

(TARGET ? test : test.skip)(
  because(
    Boolean(TARGET),
    "whatever stands in the old text, the new one loads without a word",
    "no Libreswan 3.32, 4.10, 4.14 or 5.2 installed",
  ),
  () => {
    fc.assert(
      fc.property(fc.array(ANY_LINE, { maxLength: 25 }), fc.array(ANY_LINE, { maxLength: 5 }), (lines, setup) => {
        const write1 = (list: typeof lines) =>
          list.map(([side, keyword, text]) => `    ${side}${keyword}=${text}\n`).join("");
        const conf = `config setup\n${write1(setup)}conn a\n    left=10.0.2.15\n    right=192.0.2.1\n${write1(lines)}`;
        const { text } = migrateConf({ conf, confName: "old.conf", target: TARGET });
        const path = write("fuzz.conf", text);
        const { status, stdout, stderr } = spawnSync("ipsec", ["addconn", "--config", path, "--checkconfig"], {
          encoding: "utf8",
        });
        expect({ conf, text, status, said: `${stdout}${stderr}` }).toEqual({ conf, text, status: 0, said: "" });
      }),
      { numRuns: 200 },
    );
  },
  60_000,
);
