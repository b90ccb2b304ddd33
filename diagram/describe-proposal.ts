import type { Encryption, Integrity, Proposal } from "../config/proposals";

const ENCRYPTION: Readonly<Record<Encryption, string>> = { "aes256-gcm": "AES-256-GCM", "aes256-cbc": "AES-256-CBC" };
const INTEGRITY: Readonly<Record<Integrity, string>> = { "sha2-256": "SHA-256", "sha2-384": "SHA-384" };

/** `IKE AES-256-GCM · SHA-384 · DH 20` and `ESP AES-256-GCM · PFS 20`, for people. */
export function describeProposal({ ike, esp }: Proposal): readonly [ike: string, esp: string] {
  const integrity = esp.integrity === undefined ? [] : [INTEGRITY[esp.integrity]];
  return [
    `IKE ${[ENCRYPTION[ike.encryption], INTEGRITY[ike.integrity], `DH ${ike.dhGroup}`].join(" · ")}`,
    `ESP ${[ENCRYPTION[esp.encryption], ...integrity, `PFS ${esp.pfsGroup}`].join(" · ")}`,
  ];
}
