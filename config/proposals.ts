/**
 * The IKE and ESP proposals that both ends of a tunnel are given: one list a cloud, in neutral words. Each cloud's module
 * and the Libreswan renderer translate it; a test proves that the two translations meet in exactly one proposal.
 */

export type Cloud = "aws" | "oracle" | "azure";
export type Encryption = "aes256-gcm" | "aes256-cbc";
export type Integrity = "sha2-256" | "sha2-384";
export type DhGroup = 14 | 19 | 20;

export interface Proposal {
  readonly ike: {
    readonly encryption: Encryption;
    /** Integrity algorithm with CBC; the PRF with GCM, which has integrity of its own. */
    readonly integrity: Integrity;
    readonly dhGroup: DhGroup;
  };
  readonly esp: {
    readonly encryption: Encryption;
    /** Only with CBC: GCM has integrity of its own. */
    readonly integrity?: Integrity;
    /**
     * The PFS group. Always the group that IKE uses: Libreswan 4.10 rekeys a child SA with the IKE group whatever `esp=`
     * says, so that another one breaks at the first rekey.
     */
    readonly pfsGroup: DhGroup;
  };
}

const GCM_256_DH20: Proposal = {
  ike: { encryption: "aes256-gcm", integrity: "sha2-384", dhGroup: 20 },
  esp: { encryption: "aes256-gcm", pfsGroup: 20 },
};

/** OCI offers no GCM in phase 1. @see https://docs.oracle.com/en-us/iaas/Content/Network/Reference/supportedIPsecparams.htm */
const CBC_IKE_GCM_ESP_DH20: Proposal = {
  ike: { encryption: "aes256-cbc", integrity: "sha2-384", dhGroup: 20 },
  esp: { encryption: "aes256-gcm", pfsGroup: 20 },
};

/**
 * One strong proposal a cloud. AWS takes the lowest value that it is allowed, whatever the controller prefers, and more
 * than a few make the IKE message fragment: so each list holds one.
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
 * @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-compliance-crypto
 */
export const PROPOSALS: Readonly<Record<Cloud, readonly Proposal[]>> = {
  aws: [GCM_256_DH20],
  oracle: [CBC_IKE_GCM_ESP_DH20],
  azure: [GCM_256_DH20],
};
