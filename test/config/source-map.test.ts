import { describe, expect, it } from "@jest/globals";
import { parseYaml } from "../../config/source-map";

const problemsOf = (text: string) => parseYaml(text).problems.map(({ rule, line }) => `${line}: ${rule}`);

describe("parseYaml", () => {
  it("reads plain values", () => {
    const text = 'a: 1\nb: [x, "2", true, null, 1.5]\nc: { d: &anchor { e: f } }\ng: *anchor\n1: one\n';
    expect(parseYaml(text).value).toEqual({
      a: 1,
      b: ["x", "2", true, null, 1.5],
      c: { d: { e: "f" } },
      g: { e: "f" },
      1: "one",
    });
  });

  it.each([
    ["", null],
    ["# only a comment\n", null],
    ["---\n...\n", null],
    ["- a\n", ["a"]],
  ])("reads %j", (text, value) => {
    expect(parseYaml(text)).toMatchObject({ value, problems: [] });
  });

  it.each([
    [["a"], 1, 1],
    [["b", "c"], 3, 3],
    [["b", "d", 1], 6, 7],
    [["b", "d", 1, "e"], 6, 7],
    [["f", "g"], 7, 6],
    [["f", "missing"], 7, 1],
    [["missing"], 1, 1],
    [["b", "d", 9], 4, 3],
    [[], 1, 1],
  ])("finds %j at line %d, column %d", (path, line, column) => {
    const { positionOf } = parseYaml("a: 1\nb:\n  c: 2\n  d:\n    - x\n    - e: y\nf: { g: h }\n");
    expect(positionOf(path)).toEqual({ line, column });
  });

  it.each([
    ["a key that is there twice", "a: 1\nb: 2\na: 3\n", "3: must not be there twice"],
    ["a number and a text that are the same key", '1: a\n"1": b\n', "2: must not be there twice"],
    ["the prototype", "a:\n  __proto__: {}\n", "2: must not be a key"],
    ["an unknown tag", "a: !thing x\n", "1: must not have a YAML tag"],
    ["a binary", "a: !!binary aGVsbG8=\n", "1: must not have a YAML tag"],
    ["a set", "a: !!set { b, c }\n", "1: must not have a YAML tag"],
    ["a mapping as a key", "? { a: b }\n: c\n", "1: must have text as keys"],
    ["an alias without anchor", "a: *b\n", "1: must name an anchor that stands before it and does not hold it"],
    ["an alias inside its anchor", "a: &a [*a]\n", "1: must name an anchor that stands before it and does not hold it"],
    ["two documents", "a: 1\n---\nb: 2\n", "2: must be one document"],
    ["a directive", "%FOO bar\n---\na: 1\n", "1: must not have an unknown YAML directive"],
    ["a tab", "a:\n\tb: 1\n", "2: must not be indented with tabs"],
    ["too deep a nesting", `a: ${"[".repeat(33)}x${"]".repeat(33)}\n`, "1: must not be nested more than 32 deep"],
    [
      "a nesting that exhausts the stack",
      `a: ${"{a: ".repeat(20_000)}${"}".repeat(20_000)}\n`,
      "1: must not be nested so deeply",
    ],
    ["more than 8 MiB", "#".repeat(8 * 1024 * 1024 + 1), "1: must be at most 8 MiB"],
  ])("refuses %s", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it("takes 32 levels", () => {
    expect(problemsOf(`a: ${"[".repeat(31)}x${"]".repeat(31)}\n`)).toEqual([]);
  });

  it("takes 100 aliases and refuses more, once", () => {
    const file = (count: number) => `a: &a [x]\nb: [${Array(count).fill("*a").join(", ")}]\n`;
    expect(problemsOf(file(100))).toEqual([]);
    expect(problemsOf(file(150))).toEqual(["2: must not use more than 100 aliases"]);
  });

  it("does not unfold aliases of aliases", () => {
    const levels = Array.from({ length: 25 }, (_, at) => `l${at + 1}: &l${at + 1} [*l${at}, *l${at}]`).join("\n");
    expect(parseYaml(`l0: &l0 [x]\n${levels}\n`).problems).toEqual([]);
  });

  it("tells one syntax fault a line, and no more than 20", () => {
    expect(problemsOf("a: [\nb: ]]]\n").length).toBeLessThanOrEqual(2);
    expect(problemsOf("a: @\n".repeat(50))).toHaveLength(20);
  });

  it("tells faults of values together with their lines", () => {
    expect(problemsOf("a: 1\na: 2\nb: !x y\n__proto__: z\n")).toEqual(["3: must not have a YAML tag"]);
    expect(problemsOf("a: 1\na: 2\nb: *c\n__proto__: z\n")).toEqual([
      "2: must not be there twice",
      "3: must name an anchor that stands before it and does not hold it",
      "4: must not be a key",
    ]);
  });
});
