import { execFileSync, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import type { Certificates, CertificateWish } from "../../catalog/certificates";
import { certificatesAreCurrent } from "../../catalog/certificates-are-current";
import { makeCertificates } from "../../catalog/make-certificates";

// RSA keys take their time on a busy machine.
jest.setTimeout(60_000);

const NOW = new Date();
const DAY_MS = 86_400_000;
const WISH: CertificateWish = { name: "tokyo", privateIp: "10.0.2.15", dnsName: "vcc.example.ac.jp" };
const after = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

let made: Certificates & { readonly caKey?: string };
let other: Certificates;

beforeAll(async () => {
  [made, other] = await Promise.all([makeCertificates({ ...WISH, now: NOW }), makeCertificates({ ...WISH, now: NOW })]);
});

describe("makeCertificates", () => {
  it("makes one certificate a file and forgets the CA's key", () => {
    expect(Object.keys(made)).toEqual(["ca", "certificate", "key"]);
    for (const pem of [made.ca, made.certificate])
      expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=]+\n)+-----END CERTIFICATE-----\n$/);
    expect(made.key).toMatch(/^-----BEGIN PRIVATE KEY-----\n([A-Za-z0-9+/=]+\n)+-----END PRIVATE KEY-----\n$/);
  });

  it("gives the CA's key when asked, and it is the CA's", async () => {
    const { ca, caKey = "" } = await makeCertificates({ ...WISH, now: NOW, keepCaKey: true });
    const { createPrivateKey } = await import("node:crypto");
    expect(new X509Certificate(ca).checkPrivateKey(createPrivateKey(caKey))).toBe(true);
  });

  it("names the controller's addresses, those inside compose, and nothing else", () => {
    const { subjectAltName } = new X509Certificate(made.certificate);
    expect(subjectAltName).toBe(
      "DNS:localhost, DNS:occtr, DNS:vault, DNS:vcc.example.ac.jp, IP Address:10.0.2.15, IP Address:127.0.0.1",
    );
  });

  it("makes a certificate for a controller without a DNS name", async () => {
    const { certificate } = await makeCertificates({ name: "main", privateIp: "192.168.10.5", now: NOW });
    const { subject, subjectAltName } = new X509Certificate(certificate);
    expect(subject).toBe("CN=192.168.10.5");
    expect(subjectAltName).toBe("DNS:localhost, DNS:occtr, DNS:vault, IP Address:127.0.0.1, IP Address:192.168.10.5");
  });

  it("holds for five years from an hour ago, or for as long as it is told", async () => {
    const now = new Date("2026-02-28T12:00:00Z");
    const validity = async (years?: number) => {
      const { certificate } = await makeCertificates({ ...WISH, now, years });
      const { validFrom, validTo } = new X509Certificate(certificate);
      return [validFrom, validTo];
    };
    expect(await validity()).toEqual(["Feb 28 11:00:00 2026 GMT", "Feb 28 12:00:00 2031 GMT"]);
    expect(await validity(1)).toEqual(["Feb 28 11:00:00 2026 GMT", "Feb 28 12:00:00 2027 GMT"]);
  });

  it("is accepted by a TLS client that knows the CA, for each name, and refused for another name or CA", async () => {
    const server = createServer({ cert: made.certificate, key: made.key }, (socket) => socket.end("hello"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const dial = (servername: string, ca: string) =>
      new Promise<string>((resolve) => {
        // Node leaves SNI out for addresses, and then checks the certificate against `host`.
        const isAddress = /^[\d.]+$/.test(servername);
        const socket = connect({
          host: "127.0.0.1",
          port,
          ca,
          ...(isAddress
            ? { checkServerIdentity: (_, peer) => checkIp(servername, peer.subjectaltname) }
            : { servername }),
        });
        socket.on("data", (data) => resolve(String(data)));
        socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      });
    try {
      for (const name of ["localhost", "occtr", "vault", "vcc.example.ac.jp", "127.0.0.1", "10.0.2.15"])
        expect(`${name}: ${await dial(name, made.ca)}`).toBe(`${name}: hello`);
      expect(await dial("other.example.ac.jp", made.ca)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
      expect(await dial("localhost", other.ca)).toMatch(
        /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED|CERT_SIGNATURE_FAILURE|UNABLE_TO_GET_ISSUER_CERT/,
      );
    } finally {
      server.close();
    }
  });
});

function checkIp(address: string, names = ""): Error | undefined {
  return names.split(", ").includes(`IP Address:${address}`) ? undefined : new Error("wrong address");
}

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
(hasOpenssl ? describe : describe.skip)(
  `openssl's opinion${hasOpenssl ? "" : " (skipped: openssl is not installed)"}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "kakehashi-certificates-"));
    afterAll(() => rmSync(folder, { recursive: true }));
    const openssl = (...args: string[]) =>
      execFileSync("openssl", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

    beforeAll(() => {
      for (const [name, text] of Object.entries({
        "ca.pem": made.ca,
        "occtr_cert.pem": made.certificate,
        "occtr_key.pem": made.key,
      }))
        writeFileSync(join(folder, name), text);
    });

    it.each([
      ["-verify_ip", "10.0.2.15"],
      ["-verify_ip", "127.0.0.1"],
      ["-verify_hostname", "localhost"],
      ["-verify_hostname", "vcc.example.ac.jp"],
    ])("verifies the server's certificate for %s %s, by RFC 5280's letter", (option, name) => {
      expect(
        openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", "ca.pem", option, name, "occtr_cert.pem"),
      ).toBe("occtr_cert.pem: OK\n");
    });

    it("does not verify it for another address", () => {
      expect(() => openssl("verify", "-CAfile", "ca.pem", "-verify_ip", "10.0.2.16", "occtr_cert.pem")).toThrow(
        /IP address mismatch/,
      );
    });

    it("reads RSA 2048, SHA-256, and the usages that a server and a CA have", () => {
      const server = openssl("x509", "-in", "occtr_cert.pem", "-noout", "-text");
      expect(server).toMatch(/Signature Algorithm: sha256WithRSAEncryption/);
      expect(server).toMatch(/Public-Key: \(2048 bit\)/);
      expect(server).toMatch(/Key Usage: critical\s+Digital Signature, Key Encipherment\n/);
      expect(server).toMatch(/Extended Key Usage: \n?\s*TLS Web Server Authentication\n/);
      expect(server).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
      const ca = openssl("x509", "-in", "ca.pem", "-noout", "-text");
      expect(ca).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
      expect(ca).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    });

    it("reads the key without a passphrase", () => {
      expect(openssl("pkey", "-in", "occtr_key.pem", "-noout", "-check")).toMatch(/Key is valid/);
    });
  },
);

describe("certificatesAreCurrent", () => {
  it("keeps what was just made", () => {
    expect(certificatesAreCurrent(made, WISH, NOW)).toBe(true);
  });

  it("keeps it until sixty days before its end, and not an hour longer", () => {
    const end = Date.parse(new X509Certificate(made.certificate).validTo);
    expect(certificatesAreCurrent(made, WISH, new Date(end - 60 * DAY_MS - 1))).toBe(true);
    expect(certificatesAreCurrent(made, WISH, new Date(end - 60 * DAY_MS))).toBe(false);
    expect(certificatesAreCurrent(made, WISH, after(-1))).toBe(false);
  });

  it.each<[string, () => Partial<Certificates> | undefined, CertificateWish?]>([
    ["nothing is there", () => undefined],
    ["the key is gone", () => ({ ...made, key: undefined })],
    ["a file is empty", () => ({ ...made, ca: "" })],
    [
      "a file is garbage",
      () => ({ ...made, certificate: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" }),
    ],
    ["the key is another's", () => ({ ...made, key: other.key })],
    ["the CA is another's", () => ({ ...made, ca: other.ca })],
    ["the server's certificate stands where the CA's should", () => ({ ...made, ca: made.certificate })],
    ["the private address has changed", () => made, { ...WISH, privateIp: "10.0.2.16" }],
    ["the DNS name has changed", () => made, { ...WISH, dnsName: "other.example.ac.jp" }],
    ["the DNS name is gone", () => made, { ...WISH, dnsName: undefined }],
  ])("makes new ones where %s", (_, existing, wanted = WISH) => {
    expect(certificatesAreCurrent(existing(), wanted, NOW)).toBe(false);
  });
});
