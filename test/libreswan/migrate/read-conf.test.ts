import { ConfigError } from "../../../config/problems";
import { readConf } from "../../../libreswan/migrate/read-conf";

function settingsOf(text: string) {
  return readConf(text, "x.conf").sections.map(({ kind, name, line, settings }) => ({
    section: `${line} ${kind} ${name}`.trim(),
    settings: settings.map(({ line, keyword, value }) => `${line} ${keyword}=${value}`),
  }));
}

const notesOf = (text: string) => readConf(text, "x.conf").notes.map(({ kind, line }) => `${line} ${kind}`);

test("keeps sections, keywords, values and line numbers", () => {
  const text = [
    "version 2.0",
    "config setup",
    "\tuniqueids = yes   # a comment",
    "",
    "conn %default",
    "    ikelifetime=8h",
    "# a comment in column 1",
    "conn tokyo",
    "  LEFT=%defaultroute",
    '  leftid="@a b"',
    "  leftsubnets={10.0.2.0/24, 10.0.3.0/24}",
    "",
    "  auto=start#not a comment",
  ].join("\n");
  expect(settingsOf(text)).toEqual([
    { section: "2 setup", settings: ["3 uniqueids=yes"] },
    { section: "5 conn %default", settings: ["6 ikelifetime=8h"] },
    {
      section: "8 conn tokyo",
      settings: [
        "9 left=%defaultroute",
        "10 leftid=@a b",
        "11 leftsubnets={10.0.2.0/24, 10.0.3.0/24}",
        "13 auto=start#not a comment",
      ],
    },
  ]);
  expect(notesOf(text)).toEqual(["13 several-words"]);
});

test.each([
  ["a byte order mark", "\ufeffconn a\n left=1.2.3.4", ["1 byte-order-mark"]],
  ["CR LF, once", "conn a\r\n left=1.2.3.4\r\n right=5.6.7.8\r\n", ["1 carriage-return"]],
  ["a no-break space", "conn a\n\u00a0left=1.2.3.4", ["2 odd-space"]],
  ["an indented section", "  conn a\n    left=1.2.3.4", ["1 indented-header"]],
  ["a keyword in column 1", "conn a\nleft=1.2.3.4", ["2 not-indented"]],
  ["several words", "conn a\n ike=aes256-sha2_256; dh14", ["2 several-words"]],
  ["a continued value", "conn a\n leftsubnets=10.0.1.0/24,\n   10.0.2.0/24", ["3 continued"]],
  ["a line without an equals sign", "conn a\n auto", ["2 no-equals-sign"]],
  ["an open quote", 'conn a\n leftid="@a', ["2 unfinished-quote"]],
  ["an included file", "include /etc/ipsec.d/*.conf\nconn a", ["1 include"]],
  ["a ca section", "ca mine\n cacert=x\nconn a", ["1 unknown-section", "2 prose"]],
  ["a conn without a name", "conn\n left=1.2.3.4\nconn a", ["1 unnamed-conn", "2 prose"]],
  ["prose", "1) Open the file\nconn a\n left=1.2.3.4\n5) Close it", ["1 prose", "4 prose"]],
])("notes %s", (_what, text, notes) => {
  expect(notesOf(text)).toEqual(notes);
});

test("joins a continued list and takes a placeholder with a space as one value", () => {
  const text = "conn a\n leftsubnets=10.0.1.0/24,\n   10.0.2.0/24\n rightsubnet=<REMOTE NETWORK>";
  expect(settingsOf(text)[0]?.settings).toEqual([
    "2 leftsubnets=10.0.1.0/24,10.0.2.0/24",
    "4 rightsubnet=<REMOTE NETWORK>",
  ]);
  expect(notesOf(text)).toEqual(["3 continued"]);
});

test("takes a line of ipsec.secrets for what it is, and ends the section there", () => {
  const text = 'conn a\n left=1.2.3.4\n1.2.3.4 5.6.7.8: PSK\n   "FAKE"\n net.ipv4.ip_forward = 1\n';
  const document = readConf(text, "x.conf");
  expect(document.secretLines).toEqual([
    { line: 3, text: "1.2.3.4 5.6.7.8: PSK" },
    { line: 4, text: ' "FAKE"' },
    { line: 5, text: " net.ipv4.ip_forward = 1" },
  ]);
  expect(document.sections[0]?.settings).toHaveLength(1);
});

test("leaves a commented-out key out of the remarks", () => {
  const { remarks } = readConf('# AWS\n# 1.2.3.4 5.6.7.8 : PSK "FAKE"\nconn a\n', "x.conf");
  expect(remarks).toEqual([{ line: 1, text: "# AWS" }]);
});

test.each([
  [
    "a text without a conn",
    "hello\n",
    "x.conf: 1 problem\n  must hold at least one conn section; give an ipsec.conf, or AWS's Openswan download",
  ],
  [
    "a text of more than 8 MiB",
    `conn a\n${"#".repeat(8 * 1024 * 1024)}`,
    "x.conf: 1 problem\n  must be shorter than 8 MiB; give the ipsec.conf itself, not a log or an archive",
  ],
])("refuses %s", (_what, text, message) => {
  expect(() => readConf(text, "x.conf")).toThrow(new ConfigError("x.conf", []).constructor as never);
  expect(() => readConf(text, "x.conf")).toThrow(message);
});
