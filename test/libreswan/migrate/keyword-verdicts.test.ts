import { LIBRESWAN_VERSIONS } from "../../../config/schema/controllers";
import { migrateConf } from "../../../libreswan/migrate/migrate-conf";
import type { Verdict } from "../../../libreswan/migrate/verdict";
import { MEASURED, MEASURED_MORE } from "./measured-settings";

const ORDER: readonly Verdict[] = ["ok", "loads-but-wrong", "warning", "refused-when-added", "fails-to-load"];
const LETTERS: Readonly<Record<Verdict, string>> = {
  ok: "o",
  // The machine says nothing about it.
  "loads-but-wrong": "o",
  warning: "w",
  "refused-when-added": "R",
  "fails-to-load": "F",
};
const BASE = ["left=10.0.2.15", "right=192.0.2.1", "authby=secret", "ikev2=insist", "auto=ignore"];

/** The worst verdict over all findings, for each version. */
function answers(settings: string): string {
  const own = settings.split("|");
  const keywords = own.map((line) => line.slice(0, line.indexOf("=")));
  const base = BASE.filter(
    (line) =>
      !keywords.some(
        (keyword) => line.startsWith(`${keyword}=`) || (keyword === "keyexchange" && line.startsWith("ikev2")),
      ),
  );
  const conf = ["conn t", ...base.map((line) => `  ${line}`), ...own.map((line) => `  ${line}`)].join("\n");
  const { findings } = migrateConf({ conf, confName: "t.conf", target: "4.10" });
  return LIBRESWAN_VERSIONS.map((version) => {
    const worst = Math.max(0, ...findings.map(({ verdicts }) => ORDER.indexOf(verdicts[version])));
    return LETTERS[ORDER[worst] ?? "ok"];
  }).join("");
}

const rows = [...MEASURED, ...MEASURED_MORE].flatMap(([expected, settings]) =>
  settings.map((setting) => ({ setting, expected })),
);

test.each(rows)("judges $setting as 3.32, 4.10, 4.14 and 5.2 did: $expected", ({ setting, expected }) => {
  expect(answers(setting)).toBe(expected);
});
