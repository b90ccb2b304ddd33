import { MOST_BYTES } from "../../../cli/notify/split-lines";
import { toMessage } from "../../../cli/notify/to-message";

const message = (text: string, number = 1) => toMessage({ number, end: 0, text });

test("a record as JSON goes as it is", () => {
  const text = '{"id":"a","url":"https://partner.example.com/?q=1","body":{"a":[1]}}';
  expect(message(`  ${text}\r`)).toEqual({ body: text });
});

test("a plain line gets an id of its text and place: the same line elsewhere is another record", () => {
  const line = "2026-11-21T00:00:00Z GET https://partner.example.com/a";
  const [first, again, elsewhere] = [message(line, 7), message(`${line} `, 7), message(line, 8)];
  expect(first).toEqual({
    body: expect.stringMatching(/^\{"id":"line:[0-9a-f]{32}:7","url":"https:\/\/partner\.example\.com\/a"\}$/),
  });
  expect(again).toEqual(first);
  expect(elsewhere).not.toEqual(first);
});

test.each([
  ["", { isBlank: true }],
  [" \t\r", { isBlank: true }],
  ["{", { problem: "must be JSON" }],
  ["hello", { problem: "must be a JSON object, or a line with one http(s) URL in it" }],
  ['{"id":"a","url":"file:///etc/passwd"}', { problem: "url: must be http or https" }],
  ["https://u:secret@partner.example.com/", { problem: "url: must not hold credentials: put them into a header" }],
])("the line %j: %j", (text, expected) => {
  expect(message(text)).toEqual(expected);
});

test("characters that SQS refuses are escaped, and the value stays the same", () => {
  const text = '{"id":"a","url":"https://partner.example.com/","body":"x\uffff\ufffey"}';
  const { body } = message(text) as { body: string };
  expect(body).toBe('{"id":"a","url":"https://partner.example.com/","body":"x\\uffff\\ufffey"}');
  expect(JSON.parse(body)).toEqual(JSON.parse(text));
});

test("what grows too big by escaping is refused", () => {
  const body = "\uffff".repeat(MOST_BYTES / 5);
  expect(message(JSON.stringify({ id: "a", url: "https://partner.example.com/", body }))).toEqual({
    problem: "must be at most 262144 bytes",
  });
});

test("a line that could not be read says why", () => {
  expect(toMessage({ number: 1, end: 0, problem: "must be UTF-8" })).toEqual({ problem: "must be UTF-8" });
});
