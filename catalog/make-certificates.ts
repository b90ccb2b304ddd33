// The library's containers want it, and before themselves.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { type Certificates, type CertificateWish, subjectNames } from "./certificates";

export interface CertificateRequest extends CertificateWish {
  readonly now: Date;
  /** @default 5 */
  readonly years?: number;
  /** Also give the CA's private key, which is otherwise forgotten: whoever has it can be any server. @default false */
  readonly keepCaKey?: boolean;
}

/** RSA 2048 and SHA-256 are what NII's own certificates have; whether the VC controller takes other keys is not documented. */
const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const DEFAULT_YEARS = 5;
/** The certificate is valid from before now on machines whose clock is behind. */
const CLOCK_SKEW_MS = 3_600_000;

/** A new private CA and a server certificate of it. Each call makes new keys. */
export async function makeCertificates({
  now,
  years = DEFAULT_YEARS,
  keepCaKey = false,
  ...wish
}: CertificateRequest): Promise<Certificates & { readonly caKey?: string }> {
  const validity = { notBefore: new Date(now.getTime() - CLOCK_SKEW_MS), notAfter: plusYears(now, years) };
  const caKeys = await makeKeys();
  const issuer = `CN=${wish.name} private CA ${now.toISOString().slice(0, 10)}`;
  const ca = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity,
      serialNumber: serialNumber(),
      name: issuer,
      keys: caKeys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(caKeys.publicKey, false, crypto()),
      ],
    },
    crypto(),
  );
  const keys = await makeKeys();
  const names = subjectNames(wish);
  const certificate = await X509CertificateGenerator.create(
    {
      ...validity,
      serialNumber: serialNumber(),
      subject: `CN=${wish.dnsName ?? wish.privateIp}`,
      issuer,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([
          ...names.dns.map((value) => ({ type: "dns" as const, value })),
          ...names.ip.map((value) => ({ type: "ip" as const, value })),
        ]),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto()),
        await AuthorityKeyIdentifierExtension.create(caKeys.publicKey, false, crypto()),
      ],
    },
    crypto(),
  );
  const key = await toPem(keys.privateKey);
  return {
    ca: withNewline(ca.toString("pem")),
    certificate: withNewline(certificate.toString("pem")),
    key,
    ...(keepCaKey ? { caKey: await toPem(caKeys.privateKey) } : {}),
  };
}

/** Node's own; the library's types speak of the browser's, which is the same interface. */
function crypto() {
  return webcrypto as never;
}

async function makeKeys() {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as never as {
    publicKey: never;
    privateKey: never;
  };
}

/** 127 bits from the system's generator, positive. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}

async function toPem(key: never): Promise<string> {
  return withNewline(PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), PemConverter.PrivateKeyTag));
}

function withNewline(pem: string): string {
  return `${pem.trim()}\n`;
}

function plusYears(date: Date, years: number): Date {
  const later = new Date(date);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}
