import { MOST_BYTES, type SourceLine, START, splitLines } from "../../../cli/notify/split-lines";

async function split(chunks: readonly (string | Uint8Array)[], from = START): Promise<SourceLine[]> {
  async function* bytes() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const lines: SourceLine[] = [];
  for await (const line of splitLines(bytes(), from)) lines.push(line);
  return lines;
}

test("lines in one piece, in many, and without a last line break", async () => {
  const whole = await split(["a\nbc\r\n\n架橋"]);
  expect(whole).toEqual([
    { number: 1, end: 2, text: "a" },
    { number: 2, end: 6, text: "bc\r" },
    { number: 3, end: 7, text: "" },
    { number: 4, end: 13, text: "架橋" },
  ]);
  const pieces = [...Buffer.from("a\nbc\r\n\n架橋")].map((byte) => Uint8Array.of(byte));
  expect(await split(pieces)).toEqual(whole);
});

test("goes on at a place, and counts from there", async () => {
  expect(await split(["c\n"], { number: 2, end: 6 })).toEqual([{ number: 3, end: 8, text: "c" }]);
});

test("keeps nothing of a line that is too long, and goes on after it", async () => {
  const long = "x".repeat(MOST_BYTES);
  expect(await split([long, "\n", long, "y\nz\n"])).toEqual([
    { number: 1, end: MOST_BYTES + 1, text: long },
    { number: 2, end: 2 * MOST_BYTES + 3, problem: "must be at most 262144 bytes" },
    { number: 3, end: 2 * MOST_BYTES + 5, text: "z" },
  ]);
});

test("says so where a line is no UTF-8", async () => {
  expect(await split([Uint8Array.of(0xff, 0x0a)])).toEqual([{ number: 1, end: 2, problem: "must be UTF-8" }]);
});

test("nothing has no lines", async () => {
  expect(await split([])).toEqual([]);
});
