import type { VirtualNetworkGatewayConnectionIpsecPolicy } from "@cdktf/provider-azurerm/lib/virtual-network-gateway-connection";
import type { DhGroup, Encryption, Integrity, Proposal } from "../../config/proposals";
import type { TunnelParameters } from "../../config/tunnel-parameters";

/**
 * Azure's phase 2 knows SHA-256 at most, and with GCM its integrity is the same GCM.
 * @see https://learn.microsoft.com/azure/vpn-gateway/ipsec-ike-policy-howto
 */
const IKE_ENCRYPTION: Readonly<Record<Encryption, string>> = { "aes256-gcm": "GCMAES256", "aes256-cbc": "AES256" };
const IKE_INTEGRITY: Readonly<Record<Integrity, string>> = { "sha2-256": "SHA256", "sha2-384": "SHA384" };
const ESP_INTEGRITY: Partial<Record<Integrity, string>> = { "sha2-256": "SHA256" };
const DH_GROUP: Readonly<Record<DhGroup, string>> = { 14: "DHGroup14", 19: "ECP256", 20: "ECP384" };
const PFS_GROUP: Readonly<Record<DhGroup, string>> = { 14: "PFS14", 19: "ECP256", 20: "ECP384" };

/** Azure's own default, about 98 GiB: a lifetime by volume can't be left out. */
const CHILD_LIFETIME_KILOBYTES = 102_400_000;

/**
 * The one proposal in Azure's words: with a custom policy Azure offers and takes this combination only. The IKE
 * lifetime can't be set, it is always 28,800 s.
 * @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-compliance-crypto
 * @throws RangeError for what Azure has no word for (SHA-384 in phase 2): `PROPOSALS.azure` is wrong then
 */
export function toAzureProposal(
  proposals: readonly Proposal[],
  parameters: TunnelParameters,
): VirtualNetworkGatewayConnectionIpsecPolicy {
  const [proposal] = proposals;
  if (proposal === undefined || proposals.length > 1) {
    throw new RangeError(`Azure takes exactly one proposal, got ${proposals.length}`);
  }
  const { ike, esp } = proposal;
  return {
    ikeEncryption: IKE_ENCRYPTION[ike.encryption],
    // The PRF where the encryption is GCM.
    ikeIntegrity: IKE_INTEGRITY[ike.integrity],
    dhGroup: DH_GROUP[ike.dhGroup],
    ...toEspAlgorithms(esp),
    pfsGroup: PFS_GROUP[esp.pfsGroup],
    saLifetime: parameters.childLifetimeSeconds,
    saDatasize: CHILD_LIFETIME_KILOBYTES,
  };
}

function toEspAlgorithms({ encryption, integrity }: Proposal["esp"]) {
  if (encryption === "aes256-gcm") return { ipsecEncryption: "GCMAES256", ipsecIntegrity: "GCMAES256" };
  const word = integrity && ESP_INTEGRITY[integrity];
  if (word === undefined) throw new RangeError(`Azure has no phase 2 integrity ${integrity}`);
  return { ipsecEncryption: "AES256", ipsecIntegrity: word };
}
