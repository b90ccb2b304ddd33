import { Address4 } from "ip-address";
import { ValueError } from "./value-error";

/** An IPv4 address in dotted form, without a prefix length. */
export type IpAddress = string & { readonly __type: "IpAddress" };

const MAX_UINT32 = 0xffff_ffff;

/** @throws ValueError */
export function parseIpAddress(text: string): IpAddress {
  if (text.includes("/") || !Address4.isValid(text)) {
    throw new ValueError("must be an IPv4 address", "use for example 198.51.100.10");
  }
  return text as IpAddress;
}

export function toNumber(address: IpAddress): number {
  return Number(new Address4(address).bigInt());
}

/** @param value unsigned 32 bits */
export function toIpAddress(value: number): IpAddress {
  if (!Number.isInteger(value) || value < 0 || value > MAX_UINT32) {
    throw new RangeError(`not an IPv4 address: ${value}`);
  }
  return Address4.fromBigInt(BigInt(value)).correctForm() as IpAddress;
}
