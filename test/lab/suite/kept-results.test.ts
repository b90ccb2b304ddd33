import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "@jest/globals";
import { type GapRun, gapTable } from "../../../lab/tunnels/suite/gap-table";
import { keepResults, withRuns } from "../../../lab/tunnels/suite/kept-results";

const run = (row: string, ms: number) => ({
  row,
  outboundOneWayMs: ms,
  inboundOneWayMs: ms,
  outboundRoundTripMs: ms,
  inboundRoundTripMs: ms,
});

describe("kept results", () => {
  const folder = mkdtempSync(join(tmpdir(), "kakehashi-results-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("replaces the rows that were measured anew, and no other", () => {
    const before = withRuns({}, "bookworm", {
      runs: [run("cut: AWS", 1000), run("cut: AWS", 2000), run("kill: AWS", 3000)],
      vtyshMs: [900],
    });
    const after = withRuns(before, "bookworm", {
      runs: [{ ...run("cut: AWS", 500), boot: "left out" } as never],
      vtyshMs: [],
    });
    expect(after).toEqual({ bookworm: { runs: [run("cut: AWS", 500), run("kill: AWS", 3000)], vtyshMs: [900] } });
    const other = { runs: [run("cut: AWS", 1)], vtyshMs: [700] };
    expect(withRuns(after, "trixie", other)).toEqual({ ...after, trixie: other });
  });

  it("makes one table a Debian of all that is kept", () => {
    keepResults(folder, "bookworm", { runs: [run("cut: AWS", 1000)], vtyshMs: [1, 800, 900] }, 3);
    keepResults(folder, "trixie", { runs: [run("cut: AWS", 1500)], vtyshMs: [] }, 3);
    keepResults(folder, "bookworm", { runs: [run("cut: OCI", 2000)], vtyshMs: [] }, 3);
    const text = readFileSync(join(folder, "results.md"), "utf8");
    expect(text.match(/which tells FRR:.* calls\)/gs)).toEqual([
      "which tells FRR:\n0.8 s here (the middle of 3 calls)",
    ]);
    expect(
      text
        .replace(/ +/g, " ")
        .split("\n")
        .filter((line) => /^(##|\| cut)/.test(line)),
    ).toEqual([
      "## Debian 12, Libreswan 4.10, FRR 8.4",
      "| cut: AWS | 1 | 1.0 / 1.0 / 1.0 s | 1.0 / 1.0 / 1.0 s | 1.0 / 1.0 / 1.0 s |",
      "| cut: OCI | 1 | 2.0 / 2.0 / 2.0 s | 2.0 / 2.0 / 2.0 s | 2.0 / 2.0 / 2.0 s |",
      "## Debian 13, Libreswan 5.2, FRR 10.3",
      "| cut: AWS | 1 | 1.5 / 1.5 / 1.5 s | 1.5 / 1.5 / 1.5 s | 1.5 / 1.5 / 1.5 s |",
    ]);
  });
});

test.each(["README.md", "README.ja.md"])("%s shows what was measured last", (page) => {
  const kept: Record<string, { runs: GapRun[] }> = JSON.parse(readFileSync("lab/tunnels/results.json", "utf8"));
  const figures = (text: string) =>
    text.match(/\| \d+ +\| [\d.]+ \/ [\d.]+ \/ [\d.]+ s +\| [\d.]+ \/ [\d.]+ \/ [\d.]+ s/g) ?? [];
  const plain = (text: string) => figures(text).map((row) => row.replace(/ +/g, " "));
  expect(plain(readFileSync(page, "utf8"))).toEqual(Object.values(kept).flatMap(({ runs }) => plain(gapTable(runs))));
});
