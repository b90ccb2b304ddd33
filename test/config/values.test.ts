import { describe, expect, it } from "@jest/globals";
import { parseAddressPool } from "../../config/values/address-pool";
import { parseAsn } from "../../config/values/asn";
import {
  addressAt,
  doCidrsOverlap,
  doesCidrContain,
  doesCidrContainAddress,
  parseCidr,
  toRange,
} from "../../config/values/cidr";
import { parseIpAddress, toIpAddress, toNumber } from "../../config/values/ip-address";
import { isKey, parseKey } from "../../config/values/key";
import { parsePlainText } from "../../config/values/plain-text";
import { parseSecretRef, toVariableName } from "../../config/values/secret-ref";
import { parseTagKey } from "../../config/values/tag-key";
import { ValueError } from "../../config/values/value-error";

function messageOf(parse: () => unknown): string {
  try {
    parse();
    return "";
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    expect(error.message).toBe(`${error.rule}; ${error.fix}`);
    return error.message;
  }
}

describe("parseIpAddress", () => {
  it.each(["0.0.0.0", "255.255.255.255", "198.51.100.10"])("takes %s", (text) => {
    expect(parseIpAddress(text)).toBe(text);
    expect(toIpAddress(toNumber(parseIpAddress(text)))).toBe(text);
  });

  it.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "256.0.0.1",
    "1.2.3.-4",
    "01.2.3.4",
    "0x7f.0.0.1",
    " 1.2.3.4",
    "1.2.3.4\n",
    "1.2.3.4/32",
    "::1",
    "١.2.3.4",
  ])("refuses %j", (text) => {
    expect(messageOf(() => parseIpAddress(text))).toBe("must be an IPv4 address; use for example 198.51.100.10");
  });

  it.each([
    [0, "0.0.0.0"],
    [0x0a_00_02_0f, "10.0.2.15"],
    [0xff_ff_ff_ff, "255.255.255.255"],
  ])("counts %d as %s", (number, text) => {
    expect(toIpAddress(number)).toBe(text);
    expect(toNumber(parseIpAddress(text))).toBe(number);
  });

  it.each([-1, 0x1_00_00_00_00, 1.5, Number.NaN])("makes no address of %d", (number) => {
    expect(() => toIpAddress(number)).toThrow(new RangeError(`not an IPv4 address: ${number}`));
  });
});

describe("parseCidr", () => {
  it.each(["0.0.0.0/0", "10.0.0.0/8", "10.0.2.0/24", "10.0.2.15/32", "128.0.0.0/1"])("takes %s", (text) => {
    expect(parseCidr(text)).toBe(text);
  });

  it.each([
    "",
    "10.0.2.0",
    "10.0.2.0/",
    "10.0.2.0/33",
    "10.0.2.0/024",
    "10.0.2.0/-1",
    "10.0.2/24",
    "010.0.2.0/24",
    "256.0.0.0/8",
    "10.0.2.0/24 ",
    "10.0.2.0/24\n",
    "fd00::/8",
  ])("refuses %j", (text) => {
    expect(messageOf(() => parseCidr(text))).toBe("must be an IPv4 prefix; use for example 10.0.2.0/24");
  });

  it.each([
    ["10.0.2.1/24", "10.0.2.0/24"],
    ["255.255.255.255/31", "255.255.255.254/31"],
    ["128.0.0.1/0", "0.0.0.0/0"],
    ["169.254.64.2/30", "169.254.64.0/30"],
  ])("refuses the host bits of %s and offers %s", (text, canonical) => {
    expect(messageOf(() => parseCidr(text))).toBe(`must have no host bits set; use ${canonical}`);
  });

  it.each([
    ["10.0.0.0/24", "10.0.1.0/24", false],
    ["10.0.0.0/24", "10.0.0.255/32", true],
    ["10.0.0.0/24", "10.0.0.0/23", true],
    ["0.0.0.0/0", "255.255.255.255/32", true],
  ])("%s and %s overlap: %p", (a, b, expected) => {
    expect(doCidrsOverlap(parseCidr(a), parseCidr(b))).toBe(expected);
    expect(doCidrsOverlap(parseCidr(b), parseCidr(a))).toBe(expected);
  });

  it("contains its edges and what is between", () => {
    const cidr = parseCidr("10.0.2.0/30");
    expect(toRange(cidr)).toEqual({ first: 0x0a_00_02_00, last: 0x0a_00_02_03 });
    expect(addressAt(cidr, 2)).toBe("10.0.2.2");
    const holds = (text: string) => doesCidrContainAddress(cidr, parseIpAddress(text));
    expect(["10.0.1.255", "10.0.2.0", "10.0.2.3", "10.0.2.4"].map(holds)).toEqual([false, true, true, false]);
    expect(doesCidrContain(cidr, parseCidr("10.0.2.0/29"))).toBe(false);
  });
});

describe("parseAsn", () => {
  it.each([
    1, 111, 113, 23_455, 23_457, 64_495, 64_512, 65_010, 65_534, 131_072, 4_199_999_999, 4_200_000_000, 4_294_967_294,
  ])("takes %d", (asn) => {
    expect(parseAsn(asn)).toBe(asn);
  });

  it.each([-1, 0, 4_294_967_295, 65_010.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses %d as out of range",
    (asn) => {
      expect(messageOf(() => parseAsn(asn))).toBe("must be an ASN from 1 to 4294967294; use for example 65010");
    },
  );

  it.each([
    [112, "AS112, RFC 7534"],
    [23_456, "AS_TRANS, RFC 6793"],
    [64_496, "documentation, RFC 5398"],
    [64_511, "documentation, RFC 5398"],
    [65_535, "RFC 7300"],
    [65_536, "documentation, RFC 5398"],
    [65_551, "documentation, RFC 5398"],
    [65_552, "not assigned"],
    [131_071, "not assigned"],
  ])("refuses %d, which IANA reserves", (asn, why) => {
    expect(messageOf(() => parseAsn(asn))).toBe(`must not be reserved by IANA (${why}); use for example 65010`);
  });
});

describe("parseKey", () => {
  it.each(["a", "tokyo-aws", "a1", "a--b", "constructor", `a${"b".repeat(39)}`])("takes %s", (text) => {
    expect(parseKey(text)).toBe(text);
    expect(isKey(text)).toBe(true);
  });

  it.each([
    ["", "must be lower-case letters, digits and hyphens, a letter first; use for example tokyo-aws"],
    ["1a", "must be lower-case letters, digits and hyphens, a letter first; use for example tokyo-aws"],
    ["Tokyo", "must be lower-case letters, digits and hyphens, a letter first; use for example tokyo-aws"],
    ["a_b", "must be lower-case letters, digits and hyphens, a letter first; use for example tokyo-aws"],
    ["a\n", "must be lower-case letters, digits and hyphens, a letter first; use for example tokyo-aws"],
    ["東京", "must be lower-case letters, digits and hyphens, a letter first; use for example tokyo-aws"],
    ["../a", "must be lower-case letters, digits and hyphens, a letter first; use for example tokyo-aws"],
    ["a--", "must not end in a hyphen; use for example a"],
    [`a${"b".repeat(40)}`, "must be at most 40 characters; use a shorter name"],
    ["-".repeat(1_000_000), "must be at most 40 characters; use a shorter name"],
  ])("refuses %j", (text, message) => {
    expect(messageOf(() => parseKey(text))).toBe(message);
    expect(isKey(text)).toBe(false);
  });
});

describe("parsePlainText", () => {
  it.each([
    "",
    "main campus, server room 2",
    "本部・サーバー室（2階）",
    "100 % of it",
    "{curly} [square] ~ ^ * ? ! # @",
    "é",
    "😀",
    "a".repeat(256),
  ])("takes %j", (text) => {
    expect(parsePlainText(text)).toBe(text);
  });

  const hostile = [
    ..."\"'`\\<>|;&$",
    "%{x}",
    "../x",
    "a\nb",
    "a\rb",
    "\t",
    "\u0000",
    "\u001b[2J",
    "\u007f",
    "\u0085",
    "\u009b",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2028",
    "\u2029",
    "\u2066",
    "\ufeff",
    "\u{e0041}",
    "\ud800",
    "\ue000",
  ];
  it.each(hostile)("refuses %j", (text) => {
    expect(messageOf(() => parsePlainText(`x${text}y`))).toBe(
      "must not hold quotes, backslashes, control or invisible characters, any of <>|;&$ or the sequences %{ ../; use plain words on one line",
    );
  });

  it("refuses more than 256 characters", () => {
    expect(messageOf(() => parsePlainText("a".repeat(257)))).toBe("must be at most 256 characters; shorten it");
  });
});

describe("parseSecretRef", () => {
  it.each(["env:A", "env:_", "env:TOKYO_AWS_PSK_1", `env:${"A".repeat(128)}`])("takes %s", (text) => {
    expect(toVariableName(parseSecretRef(text))).toBe(text.slice(4));
  });

  it.each([
    "",
    "env:",
    "env:1A",
    "env:A-B",
    "env:A B",
    "ENV:A",
    "file:/etc/psk",
    "env:A\n",
    "hunter2hunter2",
    `env:${"A".repeat(129)}`,
  ])("refuses %j without saying it", (text) => {
    expect(messageOf(() => parseSecretRef(text))).toBe(
      "must be a reference to a secret, never the secret itself; use env:NAME and set TF_VAR_NAME in the environment",
    );
  });

  it.each(["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"])(
    "refuses Terraform's own %s",
    (name) => {
      expect(messageOf(() => parseSecretRef(`env:${name}`))).toBe(
        "must not be a name that Terraform keeps for itself; use for example env:TOKYO_AWS_PSK_1",
      );
    },
  );
});

describe("parseTagKey", () => {
  it.each(["owner", "cost-center", "a.b_c:d", "Names", "sites", `a${"b".repeat(99)}`])("takes %s", (text) => {
    expect(parseTagKey(text)).toBe(text);
  });

  it.each(["", "1a", "a b", "a/b", "所有者", "a$", `a${"b".repeat(100)}`])("refuses %j", (text) => {
    expect(messageOf(() => parseTagKey(text))).toBe(
      "must be up to 100 letters, digits and _ . : - with a letter first; use for example cost-center",
    );
  });

  it.each(["aws:owner", "AWS:x", "azure-x", "Microsoft.x", "windows", "Name", "name", "site", "managed-by"])(
    "refuses %s, which is another's",
    (text) => {
      expect(messageOf(() => parseTagKey(text))).toBe(
        "must not be a tag that a cloud or Kakehashi keeps for itself; use for example cost-center",
      );
    },
  );
});

describe("parseAddressPool", () => {
  it.each([
    ["172.23.1.2", ["172.23.1.2"]],
    ["172.23.1.2-172.23.1.2", ["172.23.1.2"]],
    ["172.23.1.254 - 172.23.2.1", ["172.23.1.254", "172.23.1.255", "172.23.2.0", "172.23.2.1"]],
  ])("writes %s out", (text, addresses) => {
    expect(parseAddressPool(text)).toEqual(addresses);
  });

  it("takes 4096 addresses", () => {
    expect(parseAddressPool("10.0.0.0-10.0.15.255")).toHaveLength(4_096);
  });

  it.each([
    ["", "must be an IPv4 address; use for example 198.51.100.10"],
    ["172.23.1.2-", "must be an IPv4 address; use for example 198.51.100.10"],
    ["172.23.1.2-6", "must be an IPv4 address; use for example 198.51.100.10"],
    ["172.23.1.0/24", "must be an IPv4 address; use for example 198.51.100.10"],
    [
      "172.23.1.2-172.23.1.3-172.23.1.4",
      "must be an address or a range of addresses; use for example 172.23.1.2-172.23.1.6",
    ],
    ["172.23.1.3-172.23.1.2", "must be a range from the lower to the higher address; swap the two"],
    ["10.0.0.0-10.0.16.0", "must have at most 4096 addresses; use a smaller range"],
  ])("refuses %j", (text, message) => {
    expect(messageOf(() => parseAddressPool(text))).toBe(message);
  });
});
