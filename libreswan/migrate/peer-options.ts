import type { Cloud, Proposal } from "../../config/proposals";
import { TUNNEL_PARAMETERS } from "../../config/tunnel-parameters";
import type { MigrationStep } from "./migration-report";

type Option = MigrationStep["options"][number];

const DASHED: Readonly<Record<string, string>> = {
  "aes256-gcm": "AES256-GCM-16",
  "aes256-cbc": "AES256",
  "sha2-256": "SHA2-256",
  "sha2-384": "SHA2-384",
};
const ORACLE_NAMES: Readonly<Record<string, string>> = {
  "aes256-gcm": "AES_256_GCM",
  "aes256-cbc": "AES_256_CBC",
  "sha2-256": "SHA2_256",
  "sha2-384": "SHA2_384",
};
const AZURE_NAMES: Readonly<Record<string, string>> = {
  "aes256-gcm": "GCMAES256",
  "aes256-cbc": "AES256",
  "sha2-256": "SHA256",
  "sha2-384": "SHA384",
};
const AZURE_GROUPS: Readonly<Record<number, string>> = { 14: "DHGroup14", 19: "ECP256", 20: "ECP384" };
const AZURE_PFS_GROUPS: Readonly<Record<number, string>> = { 14: "PFS2048", 19: "ECP256", 20: "ECP384" };

/**
 * In the consoles' own words.
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Reference/supportedIPsecparams.htm
 * @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-compliance-crypto
 */
export const PEER_OPTIONS: Readonly<Record<Cloud, (proposal: Proposal) => Option[]>> = {
  aws: ({ ike, esp }) =>
    toOptions([
      ["IKE version", "ikev2"],
      ["Phase 1 encryption algorithms", DASHED[ike.encryption]],
      ["Phase 1 integrity algorithms", DASHED[ike.integrity]],
      ["Phase 1 DH group numbers", ike.dhGroup],
      ["Phase 1 lifetime (seconds)", TUNNEL_PARAMETERS.aws.ikeLifetimeSeconds],
      ["Phase 2 encryption algorithms", DASHED[esp.encryption]],
      ["Phase 2 integrity algorithms", DASHED[esp.integrity ?? ike.integrity]],
      ["Phase 2 DH group numbers", esp.pfsGroup],
      ["Phase 2 lifetime (seconds)", TUNNEL_PARAMETERS.aws.childLifetimeSeconds],
      ["Rekey margin time (seconds)", TUNNEL_PARAMETERS.aws.cloudRekeyMarginSeconds],
      ["Rekey fuzz (percentage)", TUNNEL_PARAMETERS.aws.cloudRekeyFuzzPercent],
      ["DPD timeout (seconds)", TUNNEL_PARAMETERS.aws.cloudDpdTimeoutSeconds],
    ]),
  oracle: ({ ike, esp }) =>
    toOptions([
      ["IKE version", "IKEv2"],
      ["Phase one encryption algorithm", ORACLE_NAMES[ike.encryption]],
      ["Phase one authentication algorithm", ORACLE_NAMES[ike.integrity]],
      ["Phase one Diffie-Hellman group", `GROUP${ike.dhGroup}`],
      ["Phase one session key lifetime (seconds)", TUNNEL_PARAMETERS.oracle.ikeLifetimeSeconds],
      ["Phase two encryption algorithm", ORACLE_NAMES[esp.encryption]],
      ["Perfect forward secrecy Diffie-Hellman group", `GROUP${esp.pfsGroup}`],
      ["Phase two session key lifetime (seconds)", TUNNEL_PARAMETERS.oracle.childLifetimeSeconds],
    ]),
  azure: ({ ike, esp }) =>
    toOptions([
      ["Connection protocol", "IKEv2"],
      ["IKE encryption", AZURE_NAMES[ike.encryption]],
      ["IKE integrity", AZURE_NAMES[ike.integrity]],
      ["DH group", AZURE_GROUPS[ike.dhGroup]],
      ["IPsec encryption", AZURE_NAMES[esp.encryption]],
      ["IPsec integrity", AZURE_NAMES[esp.integrity ?? esp.encryption]],
      ["PFS group", AZURE_PFS_GROUPS[esp.pfsGroup]],
      ["SA lifetime (seconds)", TUNNEL_PARAMETERS.azure.childLifetimeSeconds],
    ]),
};

function toOptions(pairs: readonly (readonly [string, string | number | undefined])[]): Option[] {
  return pairs.flatMap(([option, value]) => (value === undefined ? [] : [{ option, value: String(value) }]));
}
