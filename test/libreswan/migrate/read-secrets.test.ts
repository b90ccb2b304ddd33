import { readSecrets, toSecretLines } from "../../../libreswan/migrate/read-secrets";

function read(text: string) {
  const [entry] = readSecrets(toSecretLines(text)).entries;
  return entry && { indices: entry.indices.join(" "), kind: entry.kind, value: entry.value, faults: entry.faults };
}

/** Each fault was seen with `ipsec rereadsecrets` on 3.32, 4.10 and 5.2. */
test.each([
  ['1.2.3.4 5.6.7.8 : PSK "FAKE"', "FAKE", []],
  ['1.2.3.4 5.6.7.8: PSK "FAKE"', "FAKE", []],
  ['1.2.3.4 5.6.7.8 : psk "FA#KE" # why', "FA#KE", []],
  ["1.2.3.4 5.6.7.8 : PSK 'FA\"KE'", 'FA"KE', []],
  ['1.2.3.4 5.6.7.8 :\n  PSK "FAKE"', "FAKE", []],
  ['1.2.3.4\n 5.6.7.8 : PSK "FAKE"\r', "FAKE", []],
  ["1.2.3.4 5.6.7.8 : PSK 0x1234 # why", "0x1234", []],
  ["1.2.3.4 5.6.7.8 : PSK FAKE", "FAKE", ["not-quoted"]],
  ["1.2.3.4 5.6.7.8 : PSK FA#KE", "FA#KE", ["not-quoted", "hash-unquoted"]],
  ['1.2.3.4 5.6.7.8 : PSK "FAKE', "FAKE", ["unfinished-quote"]],
  ['1.2.3.4 5.6.7.8 : PSK "FA"KE"', 'FA"KE', ["quote-inside"]],
  ["1.2.3.4 5.6.7.8 : PSK “FAKE”", "FAKE", ["odd-quotes"]],
  ["1.2.3.4 5.6.7.8 : PSK `FAKE`", "FAKE", ["odd-quotes"]],
  ['1.2.3.4 5.6.7.8:PSK "FAKE"', "FAKE", ["no-space-after-colon"]],
  ['1.2.3.4, 5.6.7.8 : PSK "FAKE"', "FAKE", ["comma"]],
  ['  1.2.3.4 5.6.7.8 : PSK "FAKE"', "FAKE", ["indented"]],
  ['1.2.3.4 5.6.7.8 : PSK ""', undefined, ["empty"]],
  ["1.2.3.4 5.6.7.8 : PSK", undefined, ["empty"]],
])("reads %j", (text, value, faults) => {
  expect(read(text)).toEqual({ indices: "1.2.3.4 5.6.7.8", kind: "PSK", value, faults });
});

test("says that an entry without a colon is none", () => {
  expect(read('1.2.3.4 5.6.7.8 PSK "FAKE"')).toEqual({
    indices: "",
    kind: undefined,
    value: undefined,
    faults: ["no-colon"],
  });
});

test("keeps other kinds, IPv6 indices, included files and the lines on which entries begin", () => {
  const { entries, includes } = readSecrets(
    toSecretLines(
      '# c\ninclude /etc/ipsec.d/*.secrets\n2001:db8::1 2001:db8::2 : PSK "FAKE"\n\n: RSA {\n  Modulus: 0x1\n  }\n@u : XAUTH "x"',
    ),
  );
  expect(entries.map(({ line, kind, indices }) => [line, kind, indices.join(" ")])).toEqual([
    [3, "PSK", "2001:db8::1 2001:db8::2"],
    [5, "RSA", ""],
    [8, "XAUTH", "@u"],
  ]);
  expect(includes).toEqual([{ line: 2, raw: "include /etc/ipsec.d/*.secrets" }]);
});
