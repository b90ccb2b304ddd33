import { createPrivateKey, X509Certificate } from "node:crypto";
import { type Certificates, type CertificateWish, subjectNames } from "./certificates";

/** Renewed while there is time to install the new ones. */
const RENEWAL_DAYS = 60;
const DAY_MS = 86_400_000;

/**
 * Whether certificates that exist can stay: they fit each other and the names that are wanted, and hold for some time yet.
 * Anything that can't be read can't stay.
 */
export function certificatesAreCurrent(
  existing: Partial<Certificates> | undefined,
  wanted: CertificateWish,
  now: Date,
): boolean {
  if (!existing?.ca || !existing.certificate || !existing.key) return false;
  try {
    const ca = new X509Certificate(existing.ca);
    const certificate = new X509Certificate(existing.certificate);
    const isOfCa = ca.ca && certificate.checkIssued(ca) && certificate.verify(ca.publicKey);
    const isOfKey = certificate.checkPrivateKey(createPrivateKey(existing.key));
    return isOfCa && isOfKey && [ca, certificate].every((one) => isValidAt(one, now)) && hasNames(certificate, wanted);
  } catch {
    return false;
  }
}

function isValidAt({ validFrom, validTo }: X509Certificate, now: Date): boolean {
  return Date.parse(validFrom) <= now.getTime() && now.getTime() + RENEWAL_DAYS * DAY_MS < Date.parse(validTo);
}

/** Exactly the wanted names: one too many is a name that the controller no longer has. */
function hasNames({ subjectAltName = "" }: X509Certificate, wanted: CertificateWish): boolean {
  const { dns, ip } = subjectNames(wanted);
  const names = [...dns.map((name) => `DNS:${name}`), ...ip.map((address) => `IP Address:${address}`)];
  return subjectAltName.split(", ").sort().join() === names.sort().join();
}
