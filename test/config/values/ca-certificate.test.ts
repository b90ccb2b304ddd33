import { describe, expect, it } from "@jest/globals";
import { parseCaCertificate } from "../../../config/values/ca-certificate";
import { ValueError } from "../../../config/values/value-error";

const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBjjCCATWgAwIBAgIUWVCJoeWQNHFRyT6zFGPdRCxuZyswCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRRXhhbXBsZSBjYW1wdXMgQ0EwIBcNMjYxMTIxMTIzMjE0WhgP
MjEyNjEwMjgxMjMyMTRaMBwxGjAYBgNVBAMMEUV4YW1wbGUgY2FtcHVzIENBMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERMMn+2NZRk1X6BDvZYSt/ccFyLgyFxAo
V80IINgI3v3x/GO8LfjPGD2Va1lfm3SuazM6/od1tnVJOvt+SoPum6NTMFEwHQYD
VR0OBBYEFBvYLjek3nSg0DQ0XHMtCpvx1kB3MB8GA1UdIwQYMBaAFBvYLjek3nSg
0DQ0XHMtCpvx1kB3MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIg
V4iBWKozBcdoGSM37k0iE8UccubsTOTr1Zhh5POqEBwCIGZB9LqJnhBeJYyjQoQC
33E3ePP7fkSZ4CFeYTu+r4GA
-----END CERTIFICATE-----`;

const SERVER = `-----BEGIN CERTIFICATE-----
MIIBjjCCATSgAwIBAgIUFhdsBcGHQ4fDt0LVfwZENwP6vfAwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSY2hhdC5leGFtcGxlLmFjLmpwMCAXDTI2MTEyMTEyMzIxNFoY
DzIxMjYxMDI4MTIzMjE0WjAdMRswGQYDVQQDDBJjaGF0LmV4YW1wbGUuYWMuanAw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASgBK9BmsEOl4W9oyvEVMq2mErNbbQp
k4zh3Gh+LEDK43F1SwCnYWjGAxovC9Eb0ngMe6EaNtV8d8G2TseyVWYso1AwTjAd
BgNVHQ4EFgQU6v8e30KrK7CbtD0T/0GsaTKq1iUwHwYDVR0jBBgwFoAU6v8e30Kr
K7CbtD0T/0GsaTKq1iUwDAYDVR0TAQH/BAIwADAKBggqhkjOPQQDAgNIADBFAiBz
WAoKIeWaICB2T7geri+WTQorGmWYO32vavAE25xlbwIhAOBYt96LUXo+R3u+5eKl
SbMAFoATIUzhpsoBj0smq0zF
-----END CERTIFICATE-----`;

const FIX = "write the certificate of the authority that signed the chat server's, from -----BEGIN CERTIFICATE----- on";

function refusal(text: string): string {
  try {
    parseCaCertificate(text);
    return "";
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return `${error.rule}; ${error.fix}`;
  }
}

describe("parseCaCertificate", () => {
  it("takes an authority's certificate, and tidies its ends", () => {
    expect(parseCaCertificate(`\r\n${AUTHORITY.replaceAll("\n", "\r\n")}\r\n`)).toBe(AUTHORITY);
  });

  it("takes several", () => {
    expect(parseCaCertificate(`${AUTHORITY}\n\n${AUTHORITY}\n`)).toBe(`${AUTHORITY}\n${AUTHORITY}`);
  });

  it.each([
    ["nothing", ""],
    ["a file's name", "/etc/ssl/certs/campus.pem"],
    ["a private key beside it", `${AUTHORITY}\n-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----`],
    ["a line that Terraform would read", `${AUTHORITY}\n\${file("/etc/shadow")}`],
  ])("refuses %s without showing it", (_, text) => {
    expect(refusal(text)).toBe(`must be certificates in PEM and nothing else; ${FIX}`);
  });

  it("refuses a server's own certificate, and one that is none", () => {
    const rule = `must be certificates of authorities (CA: true); ${FIX}`;
    expect(refusal(SERVER)).toBe(rule);
    expect(refusal(`${AUTHORITY}\n${SERVER}`)).toBe(rule);
    expect(refusal("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")).toBe(rule);
  });

  it("refuses more than a function's environment has room for", () => {
    const many = Array.from({ length: 6 }, () => AUTHORITY).join("\n");
    expect(refusal(many)).toBe(
      "must be at most 3000 characters: it lies in the function's environment; give the root alone",
    );
  });
});
