import type { Asn } from "./values/asn";

const COMMERCIAL_ASN = 31_898;
const JOVANOVAC_ASN = 14_544;

/**
 * The ASN of Oracle's end of a VPN, in the commercial realm. The government realms have others.
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Tasks/vpn_to_aws.htm
 */
export function oracleAsn(region: string): Asn {
  return (region === "eu-jovanovac-1" ? JOVANOVAC_ASN : COMMERCIAL_ASN) as Asn;
}
