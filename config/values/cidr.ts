import { Address4 } from "ip-address";
import { type IpAddress, toIpAddress } from "./ip-address";
import { ValueError } from "./value-error";

/** An IPv4 prefix in its canonical form: no host bits set. */
export type Cidr = string & { readonly __type: "Cidr" };

/** First and last address of a prefix, as unsigned 32-bit numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** @throws ValueError */
export function parseCidr(text: string): Cidr {
  if (!/\/\d{1,2}$/.test(text) || !Address4.isValid(text)) {
    throw new ValueError("must be an IPv4 prefix", "use for example 10.0.2.0/24");
  }
  const address = new Address4(text);
  const canonical = `${address.startAddress().correctForm()}/${address.subnetMask}`;
  if (canonical !== text) {
    throw new ValueError("must have no host bits set", `use ${canonical}`);
  }
  return text as Cidr;
}

export function toRange(cidr: Cidr): AddressRange {
  const address = new Address4(cidr);
  return { first: Number(address.startAddress().bigInt()), last: Number(address.endAddress().bigInt()) };
}

export function prefixLength(cidr: Cidr): number {
  return Number(cidr.slice(cidr.indexOf("/") + 1));
}

/** The address `offset` places after the prefix's first. */
export function addressAt(cidr: Cidr, offset: number): IpAddress {
  return toIpAddress(toRange(cidr).first + offset);
}

export function doCidrsOverlap(a: Cidr, b: Cidr): boolean {
  const [x, y] = [toRange(a), toRange(b)];
  return x.first <= y.last && y.first <= x.last;
}

export function doesCidrContain(outer: Cidr, inner: Cidr): boolean {
  const [x, y] = [toRange(outer), toRange(inner)];
  return x.first <= y.first && y.last <= x.last;
}

export function doesCidrContainAddress(outer: Cidr, address: IpAddress): boolean {
  return doesCidrContain(outer, `${address}/32` as Cidr);
}
