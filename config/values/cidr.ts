import { isIPv4 } from "node:net";
import { type IpAddress, toIpAddress, toNumber } from "./ip-address";
import { ValueError } from "./value-error";

/** An IPv4 prefix in its canonical form: no host bits set. */
export type Cidr = string & { readonly __type: "Cidr" };

/** First and last address of a prefix, as unsigned 32-bit numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

const CIDR_PATTERN = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d|[12]\d|3[0-2])$/;

/** @throws ValueError */
export function parseCidr(text: string): Cidr {
  const [, address, length] = CIDR_PATTERN.exec(text) ?? [];
  if (address === undefined || !isIPv4(address))
    throw new ValueError("must be an IPv4 prefix", "use for example 10.0.2.0/24");
  const first = toNumber(address as IpAddress);
  const canonical = `${toIpAddress(first - (first % sizeOf(Number(length))))}/${length}`;
  if (canonical !== text) throw new ValueError("must have no host bits set", `use ${canonical}`);
  return text as Cidr;
}

function sizeOf(length: number): number {
  return 2 ** (32 - length);
}

export function toRange(cidr: Cidr): AddressRange {
  const first = toNumber(cidr.slice(0, cidr.indexOf("/")) as IpAddress);
  return { first, last: first + sizeOf(prefixLength(cidr)) - 1 };
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
