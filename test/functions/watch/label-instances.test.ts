import { labelInstances, MOST_NAME_CHARACTERS } from "../../../functions/common/watch/label-instances";

function labels(...instances: [id: string, name: string][]): string[] {
  return [...labelInstances(instances.map(([id, name]) => ({ id, name }))).values()];
}

test("an instance is called by its Name tag", () => {
  expect(labels(["i-0a", "web-1"], ["i-0b", "ウェブ 2号"])).toEqual(["web-1", "ウェブ 2号"]);
});

test.each([
  ["two have it", ["web", "web"], ["web (i-0a)", "web (i-0b)"]],
  ["it is empty", ["", "x"], [" (i-0a)", "x"]],
  ["it looks as if it had an id", ["web (i-0b)", "web"], ["web (i-0b) (i-0a)", "web"]],
  ["it holds control characters", ["a\u0007b\n", "x"], ["a?b? (i-0a)", "x"]],
  ["it is too long", ["x".repeat(MOST_NAME_CHARACTERS + 1), "y"], [`${"x".repeat(MOST_NAME_CHARACTERS)} (i-0a)`, "y"]],
])("the id follows where %s", (_why, names, expected) => {
  expect(labels(["i-0a", names[0] as string], ["i-0b", names[1] as string])).toEqual(expected);
});

test("no two instances share a label, whatever their names", () => {
  const names = [
    "",
    "web",
    "web",
    "web (i-01)",
    "web (i-01)",
    "web (i-02)",
    "a\nb",
    "a?b",
    "z".repeat(80),
    "z".repeat(90),
  ];
  const all = labels(...names.map((name, at): [string, string] => [`i-0${at}`, name]));
  expect(new Set(all).size).toBe(names.length);
});
