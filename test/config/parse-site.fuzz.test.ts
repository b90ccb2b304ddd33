import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { parseSite } from "../../config/parse-site";
import { ConfigError } from "../../config/problems";
import type { Site } from "../../config/site";

const EXAMPLES = ["aws-only", "three-clouds"].map((name) =>
  readFileSync(join(__dirname, "../../examples", name, "site.yaml"), "utf8"),
);

const HOSTILE_TEXTS: readonly string[] = [
  'a"b',
  "a'b",
  "a`id`b",
  "a\\b",
  "a\nb: c",
  "a\r\nconn x",
  "$(reboot)",
  "${path.module}",
  "$HOME",
  "%{ if true }",
  "../../etc/passwd",
  "a;reboot",
  "a|b",
  "a&b",
  "<script>",
  "\u0000",
  "\u001b]0;x\u0007",
  "\u202eevil",
  "\u2066x",
  "\u200b",
  "\u2028",
  "\ufeff",
  "\ud800",
  "\u0085",
  "a".repeat(5_000),
  "東京",
  "-",
  "--",
  "~",
  "null",
  "true",
  "yes",
  "",
  " ",
  "0x10",
  "1e99",
  "*alias",
  "&anchor",
  "!!tag",
  "<<",
  "env:OK",
  "env:OK\nleftid=x",
  "10.0.0.0/8",
  "0.0.0.0/0",
  "169.254.21.0/30",
  "172.30.0.0/16",
  "aws/tokyo",
  "azure/japan",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "4.10",
  "catalog",
];
const KEYS: readonly string[] = [
  ...HOSTILE_TEXTS,
  "psk",
  "tunnels",
  "existing",
  "subnets",
  "cidr",
  "asn",
  "description",
  "1",
  "2",
  "3",
  "tokyo",
  "values",
  "natGateway",
  "public",
];
const VALUES: readonly unknown[] = [
  ...HOSTILE_TEXTS,
  0,
  -1,
  1.5,
  65_010,
  64_512,
  4_294_967_296,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  false,
  null,
  [],
  {},
  [[]],
  [null],
  { a: { b: { c: {} } } },
  ["10.0.0.0/24", "10.0.0.0/24"],
  { 1: { psk: "plain" }, 2: {} },
  { toString: 1, valueOf: 2 },
  { length: 3, 0: "x" },
  Array.from({ length: 300 }, (_, at) => `10.9.${at % 256}.0/24`),
  Array.from({ length: 40 }).reduce((inner) => [inner], "deep"),
];
const LINES: readonly string[] = [
  "  <<: *a",
  "a: &a { b: c }",
  "x: *x",
  "x: &x [*x]",
  "%YAML 1.1",
  "---",
  "...",
  "\tx: 1",
  "x: !!js/function 'f'",
  "x: !!binary aGk=",
  "? [a, b]\n: c",
  "? {a: b}\n: c",
  "x: |2",
  "x: >-",
  "x: [",
  "x: {",
  "x: ]",
  '"',
  "'",
  "- ",
  ": ",
  "#",
  "x: @y",
  "x: `y`",
  "__proto__: { site: x }",
  "site: twice",
  "site: *site",
  "x: !<tag:x> y",
  'x: "\\ud800"',
  "\u0000",
  "x:\u0085y",
];

type Tree = Record<string, unknown> | unknown[];

/** Every place in a tree: the container and the key in it. */
function places(tree: unknown): { container: Tree; key: string | number }[] {
  if (typeof tree !== "object" || tree === null) return [];
  const container = tree as Tree;
  const keys: (string | number)[] = Array.isArray(container) ? [...container.keys()] : Object.keys(container);
  return keys.flatMap((key) => [{ container, key }, ...places((container as Record<string | number, unknown>)[key])]);
}

interface Change {
  readonly kind:
    | "delete"
    | "rename"
    | "replace"
    | "add"
    | "copy"
    | "swap"
    | "wrap"
    | "line"
    | "dropLine"
    | "repeatLine"
    | "indent"
    | "character";
  readonly at: number;
  readonly other: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom<Change["kind"]>(
    "delete",
    "rename",
    "replace",
    "replace",
    "replace",
    "add",
    "copy",
    "swap",
    "wrap",
    "line",
    "dropLine",
    "repeatLine",
    "indent",
    "character",
  ),
  at: fc.nat(),
  other: fc.nat(),
});

function changeTree(tree: unknown, { kind, at, other }: Change): void {
  const all = places(tree);
  const place = all[at % all.length];
  if (!place) return;
  const { key } = place;
  const container = place.container as Record<string | number, unknown>;
  const define = (name: string | number, value: unknown) =>
    Object.defineProperty(container, name, { value, enumerable: true, configurable: true, writable: true });
  const name = KEYS[other % KEYS.length] as string;
  const value = structuredClone(VALUES[other % VALUES.length]);
  const source = all[other % all.length] as (typeof all)[number];
  const copied = structuredClone((source.container as Record<string | number, unknown>)[source.key]);
  const old = container[key];
  switch (kind) {
    case "delete":
      Array.isArray(container) ? container.splice(Number(key), 1) : delete container[key];
      return;
    case "rename":
      if (Array.isArray(container)) return;
      delete container[key];
      define(name, old);
      return;
    case "replace":
      define(key, value);
      return;
    case "add":
      Array.isArray(container) ? container.push(value) : define(name, value);
      return;
    case "copy":
      Array.isArray(container) ? container.push(copied) : define(`${key}x`, old);
      return;
    case "swap":
      define(key, copied);
      return;
    case "wrap":
      define(key, other % 2 ? [old] : { [name]: old });
      return;
  }
}

function changeText(text: string, { kind, at, other }: Change): string {
  const lines = text.split("\n");
  const where = at % lines.length;
  const line = lines[where] as string;
  switch (kind) {
    case "line":
      return lines.toSpliced(where, 0, `${/^ */.exec(line)?.[0]}${LINES[other % LINES.length]}`).join("\n");
    case "dropLine":
      return lines.toSpliced(where, 1).join("\n");
    case "repeatLine":
      return lines.toSpliced(where, 0, lines[other % lines.length] as string).join("\n");
    case "indent":
      return lines.toSpliced(where, 1, other % 2 ? ` ${line}` : line.slice(1)).join("\n");
    case "character": {
      const position = at % (text.length + 1);
      return (
        text.slice(0, position) +
        String.fromCharCode(other % 2 ? other % 128 : other % 65_536) +
        text.slice(position + (other % 3))
      );
    }
    default:
      return text;
  }
}

const file: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...EXAMPLES),
    fc.array(change, { minLength: 1, maxLength: 4 }),
    fc.constantFrom("block", "flow", "as it is"),
  )
  .map(([example, changes, style]) => {
    const tree = parse(example);
    for (const one of changes) changeTree(tree, one);
    const isTreeChanged = style !== "as it is";
    const text = isTreeChanged
      ? stringify(tree, { collectionStyle: style === "flow" ? "flow" : "any", aliasDuplicateObjects: true })
      : example;
    return changes.reduce(changeText, text);
  });

/** Written apart from the product's own list, so that the two check each other. */
const FORBIDDEN = /["'`\\<>|;&$]|%\{|\.\.\/|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
}

function isFrozen(value: unknown): boolean {
  return (
    typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen))
  );
}

/** The site or the problems; anything else that is thrown fails the test. */
function outcomeOf(text: string): Site | ConfigError {
  try {
    return parseSite(text, "site.yaml");
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

describe("10,000 damaged site files", () => {
  it("make a frozen site without hostile text, or problems with a place, a rule and a fix", () => {
    const counts = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(file, (text) => {
        const outcome = outcomeOf(text);
        if (outcome instanceof ConfigError) {
          counts.refused += 1;
          // Plain comparisons: 10,000 runs of expect() would take longer than what they check.
          const unplaced = outcome.problems.filter(({ path, line }) => path.length === 0 && line === undefined);
          const unsaid = outcome.problems.filter(({ rule, fix }) => rule === "" || fix === "");
          const control = /(?!\n)\p{Cc}|\p{Cf}/u.test(outcome.message);
          expect({ count: outcome.problems.length > 0, unplaced, unsaid, control }).toEqual({
            count: true,
            unplaced: [],
            unsaid: [],
            control: false,
          });
        } else {
          counts.taken += 1;
          expect({ frozen: isFrozen(outcome), hostile: textsOf(outcome).filter((one) => FORBIDDEN.test(one)) }).toEqual(
            { frozen: true, hostile: [] },
          );
        }
      }),
      { numRuns: 10_000 },
    );
    // Both ends were tried.
    expect(counts.taken).toBeGreaterThan(200);
    expect(counts.refused).toBeGreaterThan(2_000);
  }, 120_000);

  it("never reach an object's prototype", () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).site).toBeUndefined();
  });
});

describe("arbitrary text", () => {
  it("makes problems, never another exception", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.json({ maxDepth: 6 })), (text) => {
        expect(outcomeOf(text)).toBeInstanceOf(ConfigError);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ["100,000 opened brackets", "[".repeat(100_000)],
    ["100,000 nested lists", "- ".repeat(100_000)],
    ["a million spaces", " ".repeat(1_000_000)],
    ["a line of a million letters", "a".repeat(1_000_000)],
    ["a key of a million letters", `? ${"a".repeat(1_000_000)}\n: b`],
    ["a value of a million letters", `site: ${"a".repeat(1_000_000)}`],
    ["a value of a million hyphens", `site: ${"-".repeat(1_000_000)}`],
    ["50,000 quotes", '"'.repeat(50_000)],
    ["20,000 keys", Array.from({ length: 20_000 }, (_, at) => `k${at}: v`).join("\n")],
    ["20,000 times the same key", "site: demo\n".repeat(20_000)],
  ])(
    "of %s is refused",
    (_, text) => {
      expect(outcomeOf(text)).toBeInstanceOf(ConfigError);
    },
    30_000,
  );
});
