import { ValueError } from "./value-error";

/** An autonomous system number, 16 or 32 bits. */
export type Asn = number & { readonly __type: "Asn" };

/** 0 (RFC 7607) and 4294967295 (RFC 7300) are reserved. */
const MAX_ASN = 4_294_967_294;

/**
 * ASNs that no party may use.
 * @see https://www.iana.org/assignments/iana-as-numbers-special-registry
 * @see https://www.iana.org/assignments/as-numbers (65552 to 131071)
 */
const SPECIAL_ASNS: readonly (readonly [first: number, last: number, why: string])[] = [
  [112, 112, "AS112, RFC 7534"],
  [23_456, 23_456, "AS_TRANS, RFC 6793"],
  [64_496, 64_511, "documentation, RFC 5398"],
  [65_535, 65_535, "RFC 7300"],
  [65_536, 65_551, "documentation, RFC 5398"],
  [65_552, 131_071, "not assigned"],
];

/** @throws ValueError */
export function parseAsn(value: number): Asn {
  if (!Number.isInteger(value) || value < 1 || value > MAX_ASN) {
    throw new ValueError(`must be an ASN from 1 to ${MAX_ASN}`, "use for example 65010");
  }
  const special = SPECIAL_ASNS.find(([first, last]) => first <= value && value <= last);
  if (special) throw new ValueError(`must not be reserved by IANA (${special[2]})`, "use for example 65010");
  return value as Asn;
}
