import { isIPv4, isIPv6 } from "node:net";

/**
 * A prefix as every version takes it: with a length, and without host bits for IPv4. Undefined for what is none.
 * Before 5.0 an address without a length is refused; 5.2 remarks on host bits.
 */
export function toSubnet(text: string): string | undefined {
  const [address = "", length, ...more] = text.split("/");
  if (more.length > 0) return undefined;
  if (isIPv4(address)) return toIpv4Subnet(address, length ?? "32");
  const bits = Number(length ?? "128");
  return isIPv6(address) && !address.includes("%") && /^\d{1,3}$/.test(length ?? "128") && bits <= 128
    ? `${address}/${bits}`
    : undefined;
}

function toIpv4Subnet(address: string, length: string): string | undefined {
  const bits = /^\d{1,2}$/.test(length) ? Number(length) : fromNetmask(length);
  if (bits === undefined || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const value = toNumber(address);
  const first = value - (value % size);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${bits}`;
}

/** 24 for 255.255.255.0. */
function fromNetmask(mask: string): number | undefined {
  if (!isIPv4(mask)) return undefined;
  const bits = 32 - Math.log2(2 ** 32 - toNumber(mask));
  return Number.isInteger(bits) ? bits : undefined;
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
