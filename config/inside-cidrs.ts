import { createHash } from "node:crypto";
import type { Cloud } from "./proposals";
import { addressAt, type Cidr, doesCidrContain, parseCidr, toRange } from "./values/cidr";
import { type IpAddress, toIpAddress } from "./values/ip-address";

export const LINK_LOCAL = "169.254.0.0/16" as Cidr;

/** /30s that AWS keeps for itself. @see https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html */
export const AWS_RESERVED_INSIDE_CIDRS: readonly Cidr[] = [
  "169.254.0.0/30",
  "169.254.1.0/30",
  "169.254.2.0/30",
  "169.254.3.0/30",
  "169.254.4.0/30",
  "169.254.5.0/30",
  "169.254.169.252/30",
].map(parseCidr);

/** 169.254.21.0 to 169.254.22.255. @see https://learn.microsoft.com/azure/vpn-gateway/bgp-howto */
export const AZURE_INSIDE_RANGES: readonly Cidr[] = ["169.254.21.0/24", "169.254.22.0/24"].map(parseCidr);

/** Ranges that OCI keeps for itself. @see https://docs.oracle.com/en-us/iaas/Content/Network/Tasks/vpn_to_aws.htm */
const ORACLE_RESERVED_RANGES: readonly (readonly [first: Cidr, last: Cidr])[] = [
  [parseCidr("169.254.10.0/24"), parseCidr("169.254.19.0/24")],
  [parseCidr("169.254.100.0/24"), parseCidr("169.254.109.0/24")],
  [parseCidr("169.254.192.0/24"), parseCidr("169.254.201.0/24")],
];

/** 169.254.32.0 to 169.254.95.255: clear of what any of the clouds keeps for itself, and of Azure's range. */
const COMMON_POOL = { first: toRange("169.254.32.0/19" as Cidr).first, pairs: 2_048 };
const AZURE_POOL = { first: toRange("169.254.21.0/24" as Cidr).first, pairs: 64 };

const ADDRESSES_PER_CIDR = 4;

/**
 * The inside CIDRs of a connection that names none: a pair of neighbouring /30s found by the connection's key alone, so that
 * adding or removing another connection never renumbers this one. Two keys may meet in one pair; `check` then asks for one
 * of them to be written down.
 */
export function deriveInsideCidrs(connectionKey: string, cloud: Cloud): readonly [Cidr, Cidr] {
  const pool = cloud === "azure" ? AZURE_POOL : COMMON_POOL;
  const slot = createHash("sha256").update(connectionKey).digest().readUInt32BE(0) % pool.pairs;
  return insideCidrsAt(cloud, slot);
}

/** What the file says about a connection's two tunnels, and where it says nothing what its key gives. */
export function insideCidrsOf(
  connectionKey: string,
  cloud: Cloud,
  tunnels: Readonly<Record<1 | 2, { readonly insideCidr?: Cidr }>>,
): readonly [Cidr, Cidr] {
  const [first, second] = [tunnels[1].insideCidr, tunnels[2].insideCidr];
  if (first && second) return [first, second];
  const derived = deriveInsideCidrs(connectionKey, cloud);
  return [first ?? derived[0], second ?? derived[1]];
}

/** Every inside CIDR that a connection to this cloud may derive, the lowest first. */
export function* insideCidrPool(cloud: Cloud): Generator<Cidr, undefined> {
  const { pairs } = cloud === "azure" ? AZURE_POOL : COMMON_POOL;
  for (let slot = 0; slot < pairs; slot++) yield* insideCidrsAt(cloud, slot);
}

function insideCidrsAt(cloud: Cloud, slot: number): readonly [Cidr, Cidr] {
  const { first } = cloud === "azure" ? AZURE_POOL : COMMON_POOL;
  const start = first + slot * 2 * ADDRESSES_PER_CIDR;
  const at = (offset: number): Cidr => parseCidr(`${toIpAddress(start + offset)}/30`);
  return [at(0), at(ADDRESSES_PER_CIDR)];
}

/** AWS fixes it so (first address its own, second the customer's); the other clouds take what they are told. */
export function insideAddresses(insideCidr: Cidr): { cloud: IpAddress; controller: IpAddress } {
  return { cloud: addressAt(insideCidr, 1), controller: addressAt(insideCidr, 2) };
}

/** Below 11 lie names that pluto gives out by itself and leaves behind after a crash (`ipsec1`). */
const FIRST_INTERFACE_NUMBER = 11;

/** From 11 on: the inside CIDR's place in 169.254.0.0/16. Unique wherever inside CIDRs are, at most 16,394. */
export function interfaceNumber(insideCidr: Cidr): number {
  return FIRST_INTERFACE_NUMBER + (toRange(insideCidr).first - toRange(LINK_LOCAL).first) / ADDRESSES_PER_CIDR;
}

/** Whether a cloud takes this inside CIDR; otherwise the rule it breaks. */
export function brokenInsideRule(insideCidr: Cidr, cloud: Cloud): string | undefined {
  if (!insideCidr.endsWith("/30") || !doesCidrContain(LINK_LOCAL, insideCidr))
    return "must be a /30 inside 169.254.0.0/16";
  if (AWS_RESERVED_INSIDE_CIDRS.includes(insideCidr)) return "must not be reserved by AWS";
  if (cloud === "azure" && !AZURE_INSIDE_RANGES.some((range) => doesCidrContain(range, insideCidr))) {
    return "must lie in Azure's range 169.254.21.0 to 169.254.22.255";
  }
  if (cloud === "oracle" && isOracleReserved(insideCidr))
    return "must not be reserved by OCI (169.254.10-19, 100-109, 192-201)";
  return undefined;
}

function isOracleReserved(insideCidr: Cidr): boolean {
  const { first } = toRange(insideCidr);
  return ORACLE_RESERVED_RANGES.some(([from, to]) => toRange(from).first <= first && first <= toRange(to).last);
}
