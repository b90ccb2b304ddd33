import type { CoreIpsecConnectionTunnelManagementConfig } from "@cdktf/provider-oci/core-ipsec-connection-tunnel-management";
import type { DhGroup, Encryption, Integrity, Proposal } from "../../config/proposals";
import type { TunnelParameters } from "../../config/tunnel-parameters";

export type OciProposal = Required<
  Pick<CoreIpsecConnectionTunnelManagementConfig, "phaseOneDetails" | "phaseTwoDetails">
>;

/** @see https://docs.oracle.com/en-us/iaas/Content/Network/Reference/supportedIPsecparams.htm */
const PHASE_1_ENCRYPTION: Partial<Record<Encryption, string>> = { "aes256-cbc": "AES_256_CBC" };
const PHASE_1_INTEGRITY: Partial<Record<Integrity, string>> = { "sha2-256": "SHA2_256", "sha2-384": "SHA2_384" };
const PHASE_2_ENCRYPTION: Partial<Record<Encryption, string>> = {
  "aes256-cbc": "AES_256_CBC",
  "aes256-gcm": "AES_256_GCM",
};
const PHASE_2_INTEGRITY: Partial<Record<Integrity, string>> = { "sha2-256": "HMAC_SHA2_256_128" };
const DH_GROUP: Readonly<Record<DhGroup, string>> = { 14: "GROUP14", 19: "GROUP19", 20: "GROUP20" };

/**
 * The one proposal in OCI's words. A custom phase is one combination, so exactly one proposal can be given.
 * Phase 1 calls its group `custom_dh_group`, phase 2 `dh_group`.
 * @throws RangeError for what OCI has no word for (GCM in phase 1, SHA-384 in phase 2): then `PROPOSALS.oracle`
 * is wrong
 */
export function toOciProposal(proposals: readonly Proposal[], parameters: TunnelParameters): OciProposal {
  const [proposal] = proposals;
  if (proposal === undefined || proposals.length > 1) {
    throw new RangeError(`OCI takes exactly one proposal, got ${proposals.length}`);
  }
  const { ike, esp } = proposal;
  return {
    phaseOneDetails: {
      isCustomPhaseOneConfig: true,
      customEncryptionAlgorithm: wordFor("phase 1 encryption", PHASE_1_ENCRYPTION, ike.encryption),
      customAuthenticationAlgorithm: wordFor("phase 1 integrity", PHASE_1_INTEGRITY, ike.integrity),
      customDhGroup: DH_GROUP[ike.dhGroup],
      lifetime: parameters.ikeLifetimeSeconds,
    },
    phaseTwoDetails: {
      isCustomPhaseTwoConfig: true,
      customEncryptionAlgorithm: wordFor("phase 2 encryption", PHASE_2_ENCRYPTION, esp.encryption),
      // With GCM "no authentication algorithm is required".
      ...(esp.integrity && {
        customAuthenticationAlgorithm: wordFor("phase 2 integrity", PHASE_2_INTEGRITY, esp.integrity),
      }),
      isPfsEnabled: true,
      dhGroup: DH_GROUP[esp.pfsGroup],
      lifetime: parameters.childLifetimeSeconds,
    },
  };
}

function wordFor<K extends string>(what: string, words: Partial<Record<K, string>>, value: K): string {
  const word = words[value];
  if (word === undefined) throw new RangeError(`OCI has no ${what} ${value}`);
  return word;
}
