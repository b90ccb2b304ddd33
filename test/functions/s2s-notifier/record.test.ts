import { readRecord } from "../../../functions/s2s-notifier/record";

const json = (fields: object) => JSON.stringify({ id: "a-1", url: "https://p.example.com/n", ...fields });

test("reads a record with everything", () => {
  const text = json({
    method: "PUT",
    headers: { authorization: "Bearer x", "X-Kind": "a b" },
    body: "hello",
    notBefore: "2026-11-21T09:00:00+09:00",
    expiresAt: "2026-11-22T00:00:00Z",
  });
  expect(readRecord(text, "m")).toEqual({
    record: {
      id: "a-1",
      url: "https://p.example.com/n",
      method: "PUT",
      headers: { authorization: "Bearer x", "X-Kind": "a b" },
      body: "hello",
      notBeforeMs: Date.UTC(2026, 10, 21),
      expiresAtMs: Date.UTC(2026, 10, 22),
    },
  });
});

test.each([
  ["GET without a body", json({}), "GET", undefined, {}],
  ["POST with one", json({ body: "" }), "POST", "", {}],
  [
    "JSON where the body is an object",
    json({ body: { a: [1] } }),
    "POST",
    '{"a":[1]}',
    { "content-type": "application/json" },
  ],
  [
    "the type that was given where the body is an object",
    json({ body: [1], headers: { "Content-Type": "application/cloudevents+json" } }),
    "POST",
    "[1]",
    { "Content-Type": "application/cloudevents+json" },
  ],
])("sends %s", (_, text, method, body, headers) => {
  expect(readRecord(text, "m")).toEqual({
    record: { id: "a-1", url: "https://p.example.com/n", method, headers, ...(body !== undefined && { body }) },
  });
});

test.each([
  ["a URL alone", "https://p.example.com/?a=1&b=2", "https://p.example.com/?a=1&b=2"],
  ["a URL in a log's line", ' 2026-11-21T00:00:00Z INFO "x" https://p.example.com/n ok\r\n', "https://p.example.com/n"],
])("reads %s", (_, text, url) => {
  expect(readRecord(text, "message:1")).toEqual({ record: { id: "message:1", url, method: "GET", headers: {} } });
});

const TIME = "must be a time with its offset, as 2026-01-31T09:00:00+09:00";
const ID = "id: must be 1 to 128 of A-Z a-z 0-9 . _ : / = + @ # -";
const RESERVED = "headers: must leave framing and connection headers to the sender";
const ONE_LINE = "headers: must be printable text on one line";

test.each([
  ["nothing", "", "must be a JSON object, or a line with one http(s) URL in it", undefined],
  ["a line without URL", "hello", "must be a JSON object, or a line with one http(s) URL in it", undefined],
  [
    "a line with two",
    "http://a.example/ http://b.example/",
    "must be a JSON object, or a line with one http(s) URL in it",
    undefined,
  ],
  ["an array", "[]", "must be a JSON object, or a line with one http(s) URL in it", undefined],
  ["broken JSON", "{", "must be JSON", undefined],
  ["no id", '{"url":"https://p.example.com/"}', "id: must be text", undefined],
  ["an empty id", json({ id: "" }), ID, undefined],
  ["a long id", json({ id: "x".repeat(129) }), ID, undefined],
  ["an id with a quote", json({ id: "a'b" }), ID, undefined],
  ["an id with a line break", json({ id: "a\nb" }), ID, undefined],
  ["a URL that is none", json({ url: "p.example.com" }), "url: must be a URL", "a-1"],
  ["a file", json({ url: "file:///etc/passwd" }), "url: must be http or https", "a-1"],
  ["javascript", json({ url: "javascript:alert(1)" }), "url: must be http or https", "a-1"],
  [
    "a line break in the URL",
    json({ url: "https://p.example.com/\r\nX: y" }),
    "url: must be ASCII without spaces or control characters",
    "a-1",
  ],
  [
    "a tab in the URL",
    json({ url: "https://p.exa\tmple.com/" }),
    "url: must be ASCII without spaces or control characters",
    "a-1",
  ],
  [
    "credentials in the URL",
    json({ url: "https://u:secret@p.example.com/" }),
    "url: must not hold credentials: put them into a header",
    "a-1",
  ],
  [
    "a huge URL",
    json({ url: `https://p.example.com/${"x".repeat(5000)}` }),
    "url: must be at most 4096 characters",
    "a-1",
  ],
  [
    "a method that is none",
    json({ method: "get" }),
    "method: must be one of GET, HEAD, POST, PUT, PATCH, DELETE",
    "a-1",
  ],
  ["CONNECT", json({ method: "CONNECT" }), "method: must be one of GET, HEAD, POST, PUT, PATCH, DELETE", "a-1"],
  ["a header injection", json({ headers: { a: "b\r\nHost: x" } }), ONE_LINE, "a-1"],
  ["a header's name with a colon", json({ headers: { "a:": "b" } }), "headers: Invalid key in record", "a-1"],
  ["Host", json({ headers: { HOST: "internal" } }), RESERVED, "a-1"],
  ["Transfer-Encoding", json({ headers: { "transfer-encoding": "chunked" } }), RESERVED, "a-1"],
  [
    "51 headers",
    json({ headers: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`h${at}`, ""])) }),
    "headers: must be at most 50",
    "a-1",
  ],
  ["a time without offset", json({ notBefore: "2026-11-21T00:00:00" }), `notBefore: ${TIME}`, "a-1"],
  ["a time that is a number", json({ expiresAt: 1 }), `expiresAt: ${TIME}`, "a-1"],
  [
    "a misspelt field",
    json({ notbefore: "x" }),
    "must hold only id, url, method, headers, body, notBefore, expiresAt, and one other field were found",
    "a-1",
  ],
])("refuses %s", (_, text, problem, id) => {
  expect(readRecord(text, "m")).toEqual({ problem, ...(id && { id }) });
});

test("never repeats a value, which may be a credential", () => {
  const secret = "s3cr3t";
  for (const fields of [
    { headers: { authorization: `${secret}\n` } },
    { headers: { [`${secret} `]: "x" } },
    { [secret]: 1 },
    { url: `https://u:${secret}@p.example.com` },
    { method: secret },
    { notBefore: secret },
  ])
    expect(JSON.stringify(readRecord(json(fields), "m"))).not.toContain(secret);
});

test("a prototype's names are no fields", () => {
  expect(readRecord('{"id":"a-1","url":"https://p.example.com/","__proto__":{"method":"PUT"}}', "m")).toEqual({
    problem: "must hold only id, url, method, headers, body, notBefore, expiresAt, and one other field were found",
    id: "a-1",
  });
});
