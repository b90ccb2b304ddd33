import { describe, expect, it } from "@jest/globals";
import { parseDocument } from "yaml";
import { parseSite } from "../../config/parse-site";
import { ConfigError } from "../../config/problems";
import { bigSite } from "../helpers/big-site";

/** Processor time, which other programs on the machine lengthen less than they do the clock's. The best of three. */
function processorMilliseconds(work: () => void): number {
  const runs = Array.from({ length: 3 }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  });
  return Math.min(...runs);
}

function problemsOf(text: string): number {
  try {
    parseSite(text, "site.yaml");
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.length;
  }
}

/** Files that grow in one direction, with what each is expected to hold. */
const GROWING: readonly (readonly [
  what: string,
  make: (size: number) => string,
  problems: (size: number) => number,
])[] = [
  ["connections", bigSite, () => 0],
  [
    "connections that name nothing",
    (size) => bigSite(size).replaceAll("network: aws/net-", "network: aws/nett-"),
    (size) => size,
  ],
  ["broken connections", (size) => bigSite(size).replaceAll("routing: bgp", "routing: bpg"), (size) => size],
  [
    "connections with one and the same inside CIDR",
    (size) => bigSite(size).replaceAll(/169\.254\.\d+\.\d+/g, "169.254.64.0"),
    (size) => 2 * size - 1,
  ],
  ["networks with one and the same prefix", networksWithOnePrefix, (size) => 2 * size - 1],
  [
    "unknown keys",
    (size) => `${bigSite(10)}${Array.from({ length: size }, (_, at) => `key-${at}: x`).join("\n")}`,
    (size) => size,
  ],
  [
    "repeated keys",
    (size) => `${"site: big\n".repeat(size)}${bigSite(10).replace("site: big\n", "")}`,
    (size) => size - 1,
  ],
];

/** None is named by a connection either, so that each has two problems, but for the first. */
function networksWithOnePrefix(size: number): string {
  const entries = Array.from(
    { length: size },
    (_, at) => `    n-${at}: { region: eu-west-1, cidr: 10.0.0.0/16, subnets: {} }`,
  );
  return `site: s\ncontrollers: {}\nnetworks:\n  aws:\n${entries.join("\n")}\n`;
}

describe("parseSite", () => {
  it("takes no more than three times what the YAML library alone takes for 1,000 connections", () => {
    // A ratio holds on a slow machine too. Measured: 1.8, that is 0.2 s.
    const text = bigSite(1_000);
    const yaml = processorMilliseconds(() =>
      parseDocument(text, { uniqueKeys: false, stringKeys: true, prettyErrors: false }),
    );
    expect(processorMilliseconds(() => problemsOf(text)) / yaml).toBeLessThan(3);
  });

  it.each(GROWING)(
    "takes four times as long for four times as many %s, not sixteen times",
    (_, make, problems) => {
      const [small, large] = [make(500), make(2_000)];
      expect(problemsOf(small)).toBe(problems(500));
      expect(problemsOf(large)).toBe(problems(2_000));
      const ratio = processorMilliseconds(() => problemsOf(large)) / processorMilliseconds(() => problemsOf(small));
      expect(ratio).toBeLessThan(9);
    },
    120_000,
  );
});
