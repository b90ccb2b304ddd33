import fc from "fast-check";
import { ConfigError } from "../../../config/problems";
import { LIBRESWAN_VERSIONS } from "../../../config/schema/controllers";
import { KNOWN_KEYWORDS } from "../../../libreswan/migrate/keyword-table";
import { migrateConf } from "../../../libreswan/migrate/migrate-conf";
import type { MigrationReport } from "../../../libreswan/migrate/migration-report";
import { renderReport } from "../../../libreswan/migrate/render-report";
import { readSample, SAMPLES } from "./samples";

const target = fc.constantFrom(...LIBRESWAN_VERSIONS);

function migrate(conf: string, secrets: string | undefined, version: (typeof LIBRESWAN_VERSIONS)[number]) {
  try {
    return migrateConf({ conf, confName: "old.conf", secrets, secretsName: "old.secrets", target: version });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** Lines that look like a conf, in any order. */
const value = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "yes",
    "no",
    "%defaultroute",
    "10.0.0.1",
    "0.0.0.0/0",
    "<LOCAL NETWORK>",
    "{10.0.0.0/8 x}",
    "11/0x1",
    "aes-!;,+",
    '"',
    "a\u0000b",
  ),
);
const keyword = fc.constantFrom(...KNOWN_KEYWORDS, "leftid", "rightid", "leftsubnet", "rightsubnet", "also", "nosuch");
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom(" ", "\t", "", "\u3000"), keyword, value)
    .map(([indent, name, text]) => `${indent}${name}=${text}`),
  fc.constantFrom(
    "conn a",
    "conn b",
    "conn %default",
    "config setup",
    "include x",
    "# aws",
    "",
    'a b : PSK "x"',
    "prose here",
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const conf = fc
  .array(line, { maxLength: 40 })
  .map((lines) => ["conn a", " left=%defaultroute", " right=192.0.2.1", ...lines].join("\n"));

test("answers any text with a report or a ConfigError", () => {
  fc.assert(
    fc.property(
      fc.oneof(conf, fc.string({ unit: "binary", maxLength: 300 })),
      fc.option(fc.string({ unit: "binary", maxLength: 200 }), { nil: undefined }),
      target,
      (text, secrets, version) => {
        const report = migrate(text, secrets, version);
        if (report) expect(renderReport(report, { color: false })).toContain("old.conf for Libreswan");
      },
    ),
    { numRuns: 3_000 },
  );
});

test("answers any sample with characters changed with a report or a ConfigError, and prints no control character", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SAMPLES),
      fc.nat(),
      fc.string({ unit: "binary", maxLength: 20 }),
      target,
      (name, position, text, version) => {
        const sample = readSample(name);
        const at = position % sample.conf.length;
        const report = migrate(
          sample.conf.slice(0, at) + text + sample.conf.slice(at + text.length),
          sample.secrets,
          version,
        );
        if (!report) return;
        expect(renderReport(report, { color: false }).replace(/\n/g, "")).not.toMatch(/\p{C}/u);
        expect(report.text.replace(/\n/g, "")).not.toMatch(/\p{C}/u);
      },
    ),
    { numRuns: 1_000 },
  );
});

const KEY_FORMS: readonly ((key: string) => string)[] = [
  (key) => `10.0.0.1 192.0.2.1 : PSK "${key}"`,
  (key) => `10.0.0.1 192.0.2.1 : PSK ${key}`,
  (key) => `10.0.0.1 192.0.2.1:PSK "${key}"`,
  (key) => `10.0.0.1 192.0.2.1 : PSK "${key}`,
  (key) => `10.0.0.1 192.0.2.1 : PSK "x"${key}"`,
  (key) => `10.0.0.1 192.0.2.1 : PSK “${key}”`,
  (key) => `10.0.0.1 192.0.2.1 :\n  PSK "${key}"`,
  (key) => `10.0.0.1 192.0.2.1 : PSK\n  "${key}"`,
  (key) => `10.0.0.1 192.0.2.1 PSK "${key}"`,
  (key) => `10.0.0.1 192.0.2.1 "${key}"`,
  (key) => `: PSK ${key} # comment`,
  (key) => `"${key}"`,
  (key) => key,
  (key) => `# 10.0.0.1 192.0.2.1 : PSK "${key}"`,
  (key) => ` psk=${key}`,
  (key) => ` secret = "${key}"`,
];
const key = fc.string({ unit: fc.constantFrom(..."ABCDEFGHJKLMNPQRSTUVWXYZ23456789"), minLength: 20, maxLength: 40 });

function assertKeyIsOnlyInSecrets(report: MigrationReport | undefined, key: string): void {
  if (!report) return;
  const { secrets: _secrets, ...rest } = report;
  expect(JSON.stringify(rest)).not.toContain(key);
  expect(renderReport(report, { color: true })).not.toContain(key);
}

test("keeps a key out of findings, text, steps and errors, however badly it is written and in whichever file", () => {
  fc.assert(
    fc.property(fc.constantFrom(...KEY_FORMS), key, target, fc.boolean(), (form, secret, version, isInConf) => {
      const base = "conn a\n left=10.0.0.1\n right=192.0.2.1\n authby=secret\n";
      const report = isInConf
        ? migrate(`${base}${form(secret)}\n`, undefined, version)
        : migrate(base, form(secret), version);
      assertKeyIsOnlyInSecrets(report, secret);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["a conn of comments", (size: number) => `conn a\n left=1.2.3.4\n right=5.6.7.8\n${"# x\n".repeat(size / 4)}`],
  [
    "thousands of conns",
    (size: number) =>
      Array.from(
        { length: Math.min(size / 250, 4_900) },
        (_, n) =>
          `conn c${n}\n left=%defaultroute\n right=192.0.2.${n % 250}\n authby=secret\n leftsubnet=10.0.0.0/24\n rightsubnet=10.1.0.0/24\n ike=aes128-sha1;modp1024\n phase2alg=aes128-sha1\n auto=start\n dpddelay=10\n`,
      ).join("\n"),
  ],
  [
    "unknown keywords",
    (size: number) =>
      `conn a\n left=1.2.3.4\n right=5.6.7.8\n${Array.from({ length: size / 12 }, (_, n) => ` kw${n}=x`).join("\n")}`,
  ],
  ["one long line", (size: number) => `conn a\n left=1.2.3.4\n right=5.6.7.8\n ike=${"a-".repeat(size / 2)}`],
  [
    "one long list",
    (size: number) => `conn a\n left=1.2.3.4\n right=5.6.7.8\n leftsubnets={${"10.0.0.0/8 ".repeat(size / 11)}}`,
  ],
  [
    "colons and spaces",
    (size: number) =>
      `conn a\n left=1.2.3.4\n right=5.6.7.8\n${": ".repeat(size / 4)}\n${" ".repeat(size / 4)}x\n${":".repeat(size / 4)}`,
  ],
  [
    "continued lines",
    (size: number) =>
      `conn a\n left=1.2.3.4\n right=5.6.7.8\n leftsubnets=10.0.0.0/8,\n${"  10.0.0.0/8,\n".repeat(size / 15)}`,
  ],
  [
    "a chain of also=",
    (size: number) =>
      Array.from(
        { length: Math.min(size / 100, 4_900) },
        (_, n) => `conn c${n}\n left=1.2.3.4\n right=5.6.7.8\n also=c${n + 1}`,
      ).join("\n"),
  ],
  ["authby words", (size: number) => `conn a\n left=1.2.3.4\n right=5.6.7.8\n authby=${"rsasig,".repeat(size / 7)}!`],
  [
    "secrets",
    (size: number) => `conn a\n left=1.2.3.4\n right=5.6.7.8\n${'1.2.3.4 5.6.7.8 : PSK "x"\n'.repeat(size / 26)}`,
  ],
])("reads a megabyte of %s in linear time", (_what, make) => {
  const time = (size: number) => {
    const text = make(size);
    const start = process.hrtime.bigint();
    migrate(text, undefined, "4.10");
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  time(100_000);
  const whole = time(1_000_000);
  // A quadratic reader takes minutes; the bound leaves room for a slow, busy machine.
  expect(whole).toBeLessThan(10_000);
});
