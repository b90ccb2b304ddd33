import { diffLines } from "../../libreswan/diff-lines";

describe("diffLines", () => {
  it.each<[string, string, string, string[]]>([
    ["nothing", "a\nb\n", "a\nb\n", []],
    ["from empty", "", "a\n", ["+a"]],
    ["to empty", "a\n", "", ["-a"]],
    ["a change in the middle", "a\nb\nc\n", "a\nx\nc\n", ["-b", "+x"]],
    ["an insertion between equal lines", "a\na\n", "a\nb\na\n", ["+b"]],
    ["a move", "a\nb\nc\n", "b\nc\na\n", ["-a", "+a"]],
    ["two places", "1\n2\n3\n4\n5\n", "1\nx\n3\n4\ny\n5\n", ["-2", "+x", "+y"]],
    ["a last line without its end", "a", "a\nb", ["+b"]],
  ])("%s", (_, before, after, lines) => {
    expect(diffLines(before, after)).toEqual(lines);
  });

  it("replaces the whole middle of texts that are too large to compare", () => {
    const text = (prefix: string): string => Array.from({ length: 3_000 }, (_, at) => `${prefix}${at % 7}`).join("\n");
    const lines = diffLines(text("a"), text("b"));
    expect(lines).toHaveLength(6_000);
    expect([lines[0], lines[3_000]]).toEqual(["-a0", "+b0"]);
  });
});
