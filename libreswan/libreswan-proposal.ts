import type { DhGroup, Encryption, Integrity, Proposal } from "../config/proposals";

/**
 * `aes_gcm256`, not strongSwan's `aes256gcm16`, which every Libreswan since 3.29 refuses.
 * @see https://libreswan.org/man/ipsec.conf.5.html (ike=, esp=)
 */
const ENCRYPTION: Readonly<Record<Encryption, string>> = { "aes256-gcm": "aes_gcm256", "aes256-cbc": "aes256" };
const INTEGRITY: Readonly<Record<Integrity, string>> = { "sha2-256": "sha2_256", "sha2-384": "sha2_384" };
const DH_GROUP: Readonly<Record<DhGroup, string>> = { 14: "dh14", 19: "dh19", 20: "dh20" };

/** The value of `ike=`: `aes_gcm256-sha2_384;dh20`. */
export function toIkeProposals(proposals: readonly Proposal[]): string {
  return proposals
    .map(({ ike }) => `${ENCRYPTION[ike.encryption]}-${INTEGRITY[ike.integrity]};${DH_GROUP[ike.dhGroup]}`)
    .join(",");
}

/** The value of `esp=`: `aes_gcm256;dh20`. */
export function toEspProposals(proposals: readonly Proposal[]): string {
  return proposals
    .map(
      ({ esp }) =>
        `${ENCRYPTION[esp.encryption]}${esp.integrity ? `-${INTEGRITY[esp.integrity]}` : ""};${DH_GROUP[esp.pfsGroup]}`,
    )
    .join(",");
}
