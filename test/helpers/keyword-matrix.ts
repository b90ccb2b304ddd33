import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LIBRESWAN_VERSIONS, type LibreswanVersion } from "../../config/schema/controllers";
import type { Keyword } from "../../libreswan/dialect";

const LINES = readFileSync(join(__dirname, "../libreswan/keyword-matrix.txt"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split("|").map((cell) => cell.trim()));

/** A row's first setting, and those that stood beside it, each in its general form. */
const ROWS = LINES.map(([settings = "", ...results]) => ({ settings: settings.split(" ").map(generalForm), results }));

/** What the plain connection of the matrix itself had: it loads everywhere, or no row could be ok. */
const PLAIN = ["left", "leftid", "leftsubnet", "right", "rightid", "rightsubnet", "auto"];

/** Whether a version takes a setting without a word: `ok` in the row that holds it, beside others as they stood there. */
export function isTaken([key, value]: Keyword, version: LibreswanVersion): boolean {
  if (PLAIN.includes(key)) return true;
  const wanted = generalForm(`${key}=${value}`);
  const column = LIBRESWAN_VERSIONS.indexOf(version);
  const results = ROWS.filter(({ settings }) => settings.includes(wanted)).map((row) => row.results[column]);
  return results.some((result) => result === "ok" || result === "ok/kernel");
}

/** Numbers that differ from site to site don't matter to a parser; a unit, a mask and a proposal do. */
function generalForm(setting: string): string {
  return setting
    .replace(
      /^(ikelifetime|salifetime|ipsec-lifetime|rekeymargin|dpddelay|dpdtimeout|retransmit-timeout)=\d+[smh]?$/,
      "$1=TIME",
    )
    .replace(/^rekeyfuzz=\d+%$/, "rekeyfuzz=PERCENT")
    .replace(/^(ipsec-interface|vti-interface)=(vti)?\d+$/, "$1=$2N")
    .replace(/^mark=\d+(\/0xffffffff)?$/, "mark=N$1");
}
