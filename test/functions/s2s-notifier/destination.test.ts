import { checkUrl, refusedRange } from "../../../functions/s2s-notifier/destination";

const RULES = { hosts: undefined, ports: [443], enableHttp: false, privateHosts: {} };

/** Why a URL is refused, "" if it is not. */
function refusal(url: string, rules: Partial<Parameters<typeof checkUrl>[1]> = {}): string {
  try {
    checkUrl(new URL(url), { ...RULES, ...rules });
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const PARTNERS = { hosts: ["api.example.com", "*.partner.example"] };

test.each([
  ["https://example.com/", {}, ""],
  ["http://example.com/", {}, "refused: only https"],
  ["http://example.com/", { enableHttp: true, ports: [80, 443] }, ""],
  ["http://example.com/", { enableHttp: true }, "refused: port 80 is not allowed"],
  ["ftp://example.com/", { enableHttp: true }, "refused: only http and https"],
  ["https://example.com:22/", {}, "refused: port 22 is not allowed"],
  ["https://example.com:8443/", { ports: [443, 8443] }, ""],
  ["https://u@example.com/", {}, "refused: credentials in the URL"],
  ["https://api.example.com/", PARTNERS, ""],
  ["https://API.example.com./", PARTNERS, ""],
  ["https://x.api.example.com/", PARTNERS, "refused: the host is not allowed"],
  ["https://a.partner.example/", PARTNERS, ""],
  ["https://a.b.partner.example/", PARTNERS, ""],
  ["https://partner.example/", PARTNERS, "refused: the host is not allowed"],
  ["https://evilpartner.example/", PARTNERS, "refused: the host is not allowed"],
  ["https://api.example.com.evil.example/", PARTNERS, "refused: the host is not allowed"],
  ["https://api.example.com@evil.example/", PARTNERS, "refused: credentials in the URL"],
  ["https://erp.internal.example/", { ...PARTNERS, privateHosts: { "erp.internal.example": ["10.0.0.0/8"] } }, ""],
  ["https://constructor/", PARTNERS, "refused: the host is not allowed"],
])("%s with %j: %j", (url, rules, expected) => {
  expect(refusal(url, rules)).toBe(expected);
});

test.each([
  ["8.8.8.8", undefined],
  ["2606:4700::1111", undefined],
  ["169.254.169.254", "linkLocal"],
  ["169.254.170.2", "linkLocal"],
  ["fd00:ec2::254", "uniqueLocal"],
  ["168.63.129.16", "metadata"],
  ["127.0.0.1", "loopback"],
  ["127.1.2.3", "loopback"],
  ["::1", "loopback"],
  ["0.0.0.0", "unspecified"],
  ["::", "unspecified"],
  ["10.1.2.3", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.0.1", "private"],
  ["100.64.0.1", "carrierGradeNat"],
  ["198.18.0.1", "reserved"],
  ["224.0.0.1", "multicast"],
  ["255.255.255.255", "broadcast"],
  ["fe80::1", "linkLocal"],
  ["fe80::1%eth0", "linkLocal"],
  ["::ffff:10.0.0.1", "private"],
  ["::ffff:169.254.169.254", "linkLocal"],
  ["::ffff:a9fe:a9fe", "linkLocal"],
  ["::169.254.169.254", "linkLocal"],
  ["::a9fe:a9fe", "reserved"],
  ["64:ff9b::a9fe:a9fe", "rfc6052"],
  ["2002:a9fe:a9fe::", "6to4"],
  ["2001:0:a9fe:a9fe::", "teredo"],
  ["fec0::1", "deprecatedSiteLocal"],
  ["no address", "no address"],
  ["", "no address"],
])("the address %s is refused as %s", (address, range) => {
  expect(refusedRange(address, "p.example.com", RULES)).toBe(range);
});

describe("a name that is given a prefix", () => {
  const rules = {
    ...RULES,
    privateHosts: { "erp.example": ["10.0.2.0/24", "fd12::/16"], "10.9.9.9": ["10.9.9.9/32"] },
  };

  test.each([
    ["10.0.2.15", "erp.example", undefined],
    ["10.0.2.15", "erp.example.", undefined],
    ["::ffff:10.0.2.15", "erp.example", undefined],
    ["fd12::5", "erp.example", undefined],
    ["8.8.8.8", "erp.example", undefined],
    ["10.0.3.15", "erp.example", "private"],
    ["169.254.169.254", "erp.example", "linkLocal"],
    ["10.0.2.15", "other.example", "private"],
    ["10.0.2.15", "x.erp.example", "private"],
    ["10.9.9.9", "10.9.9.9", undefined],
    ["10.0.2.15", "constructor", "private"],
  ])("%s for %s: %s", (address, hostname, range) => {
    expect(refusedRange(address, hostname, rules)).toBe(range);
  });
});
