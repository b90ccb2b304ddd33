import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { loadSite } from "../../../config/load-site";
import { ConfigError } from "../../../config/problems";
import { readFacts } from "../../../config/read-facts";
import type { Site } from "../../../config/site";

const EXAMPLES = join(__dirname, "../../../examples");
const threeClouds = loadSite(join(EXAMPLES, "three-clouds/site.yaml"));
const awsOnly = loadSite(join(EXAMPLES, "aws-only/site.yaml"));
const OUTPUTS = readFileSync(join(EXAMPLES, "three-clouds/facts/outputs.json"), "utf8");
const XML = readFileSync(join(EXAMPLES, "aws-only/facts/vpn-0a1b2c3d4e5f60718.xml"), "utf8");

/** Facts that render, or a message with a path and a rule: no other error, no key. */
function expectAnAnswer(text: string, site: Site): void {
  try {
    const { connections } = readFacts([{ name: "facts", text }], site);
    expect(connections.size).toBe(site.connections.length);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).toMatch(/^facts: \d+ problems?(\n {2}.+; .+)+$/);
    expect(error.message).not.toMatch(/ExampleOnly|NotASecret/);
  }
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

const PATHS = pathsOf(JSON.parse(OUTPUTS)).filter((path) => path.length > 0);
const get = (root: unknown, path: Path) =>
  path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], root);

function set(root: unknown, path: Path, value: unknown): void {
  const parent = get(root, path.slice(0, -1));
  if (typeof parent === "object" && parent !== null) (parent as Record<string, unknown>)[path.at(-1) as string] = value;
}

const path = fc.constantFrom(...PATHS);
const hostile = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    "../../etc/passwd",
    "$(reboot)",
    "${var.x}",
    'a"b',
    "a\nb",
    "169.254.80.9",
    "198.51.100.10",
    1e308,
    -0,
    { __proto__: null, constructor: 1 },
  ),
);
const edit = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), path, value: hostile }),
  fc.record({ kind: fc.constant("swap" as const), path, other: path }),
  fc.record({ kind: fc.constant("delete" as const), path }),
  fc.record({
    kind: fc.constant("add" as const),
    path,
    key: fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "value", "tunnel_facts")),
    value: hostile,
  }),
);

/** Cuts, doubles or overwrites a part of a text. */
const textEdits = fc.array(
  fc.record({
    at: fc.nat(),
    length: fc.nat(60),
    insert: fc.oneof(
      fc.string(),
      fc.constantFrom("<", ">", "&", '"', "{", "}", "]]>", "<![CDATA[", "<!--", "\0", "\u2028"),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

function editText(text: string, edits: readonly { at: number; length: number; insert: string }[]): string {
  return edits.reduce((now, { at, length, insert }) => {
    const start = at % (now.length + 1);
    return now.slice(0, start) + insert + now.slice(start + length);
  }, text);
}

describe("readFacts on anything", () => {
  it("answers outputs whose values were changed, moved, added or removed", () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const root: unknown = JSON.parse(OUTPUTS);
        for (const change of edits) {
          if (change.kind === "set") set(root, change.path, change.value);
          if (change.kind === "add") set(root, [...change.path, change.key], change.value);
          if (change.kind === "delete") set(root, change.path, undefined);
          if (change.kind === "swap") {
            const [a, b] = [get(root, change.path), get(root, change.other)].map((value) => structuredClone(value));
            set(root, change.path, b);
            set(root, change.other, a);
          }
        }
        expectAnAnswer(JSON.stringify(root), threeClouds);
      }),
      { numRuns: 1_500 },
    );
  });

  it("answers damaged JSON", () => {
    fc.assert(
      fc.property(textEdits, (edits) => expectAnAnswer(editText(OUTPUTS, edits), threeClouds)),
      { numRuns: 1_200 },
    );
  });

  it("answers damaged XML", () => {
    fc.assert(
      fc.property(textEdits, (edits) => expectAnAnswer(editText(XML, edits), awsOnly)),
      { numRuns: 1_200 },
    );
  });

  it("answers any text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.json(),
          fc.string().map((text) => `<${text}`),
        ),
        (text) => expectAnAnswer(text, awsOnly),
      ),
      { numRuns: 300 },
    );
  });
});
