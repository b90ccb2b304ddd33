import type { DhGroup, Encryption, Integrity, Proposal } from "../../config/proposals";

/** One proposal in AWS's words; each list holds one value, so that AWS has nothing weaker to pick. */
export interface AwsProposal {
  readonly phase1EncryptionAlgorithms: string[];
  /** With GCM it names the PRF. */
  readonly phase1IntegrityAlgorithms: string[];
  readonly phase1DhGroupNumbers: number[];
  readonly phase2EncryptionAlgorithms: string[];
  /** Only with CBC: AWS leaves it out itself where phase 2 is GCM. */
  readonly phase2IntegrityAlgorithms?: string[];
  readonly phase2DhGroupNumbers: number[];
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html */
const ENCRYPTION: Readonly<Record<Encryption, string>> = { "aes256-gcm": "AES256-GCM-16", "aes256-cbc": "AES256" };
const INTEGRITY: Readonly<Record<Integrity, string>> = { "sha2-256": "SHA2-256", "sha2-384": "SHA2-384" };

export function toAwsProposal(proposals: readonly Proposal[]): AwsProposal {
  const phase2Integrity = proposals.flatMap(({ esp }) =>
    esp.integrity === undefined ? [] : [INTEGRITY[esp.integrity]],
  );
  return {
    phase1EncryptionAlgorithms: unique(proposals.map(({ ike }) => ENCRYPTION[ike.encryption])),
    phase1IntegrityAlgorithms: unique(proposals.map(({ ike }) => INTEGRITY[ike.integrity])),
    phase1DhGroupNumbers: unique<DhGroup>(proposals.map(({ ike }) => ike.dhGroup)),
    phase2EncryptionAlgorithms: unique(proposals.map(({ esp }) => ENCRYPTION[esp.encryption])),
    phase2IntegrityAlgorithms: phase2Integrity.length > 0 ? unique(phase2Integrity) : undefined,
    phase2DhGroupNumbers: unique<DhGroup>(proposals.map(({ esp }) => esp.pfsGroup)),
  };
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
