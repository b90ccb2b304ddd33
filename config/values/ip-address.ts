import { isIPv4 } from "node:net";
import { ValueError } from "./value-error";

/** An IPv4 address in dotted form, without a prefix length and without leading zeros. */
export type IpAddress = string & { readonly __type: "IpAddress" };

const MAX_UINT32 = 0xffff_ffff;

/** @throws ValueError */
export function parseIpAddress(text: string): IpAddress {
  if (!isIPv4(text)) throw new ValueError("must be an IPv4 address", "use for example 198.51.100.10");
  return text as IpAddress;
}

/** @returns unsigned 32 bits */
export function toNumber(address: IpAddress): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** @param value unsigned 32 bits */
export function toIpAddress(value: number): IpAddress {
  if (!Number.isInteger(value) || value < 0 || value > MAX_UINT32) {
    throw new RangeError(`not an IPv4 address: ${value}`);
  }
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join(".") as IpAddress;
}
