import type { Asn } from "./values/asn";
import type { Cidr } from "./values/cidr";
import type { Key } from "./values/key";

/** Networks that reach each other as one LAN. */
export type Peering = VpcPeering | TransitPeering;

interface PeeringBase {
  readonly key: Key;
  /** What may come in from the other side, at both sides. */
  readonly allow: readonly AllowedTraffic[];
}

/** Two VPCs. */
export interface VpcPeering extends PeeringBase {
  readonly type: "vpc";
  /** `aws/tokyo`: the side that asks. */
  readonly network: string;
  /** The other side, where it is a network of this file. */
  readonly peerNetwork?: string;
  /** The other side, where it is not. */
  readonly peerVpc?: PeerVpc;
  /** Whether each side resolves the other's host names to private addresses. */
  readonly dns: boolean;
}

/** Several VPCs of one region and account, around a Transit Gateway of their own. */
export interface TransitPeering extends PeeringBase {
  readonly type: "transit";
  /** `aws/tokyo` */
  readonly networks: readonly string[];
  readonly asn: Asn;
}

export interface PeerVpc {
  readonly vpcId: string;
  readonly cidrs: readonly Cidr[];
  readonly region: string;
  /** Left out: the site's own account. */
  readonly accountId?: string;
  /** Role that Terraform takes on in that account. Left out, with accountId: its owner accepts. */
  readonly roleArn?: string;
  readonly routeTableIds: readonly string[];
  readonly securityGroupId?: string;
}

export interface AllowedTraffic {
  readonly protocol: "all" | "tcp" | "udp" | "icmp";
  /** First and last port, for tcp and udp. */
  readonly ports?: readonly [number, number];
}

export function peeringStackName(peering: Pick<Peering, "key">): string {
  return `peering-${peering.key}`;
}

/** Whether Terraform may act for the other side: make its routes, rules and options, and accept. */
export function isPeerManaged({ accountId, roleArn }: Pick<PeerVpc, "accountId" | "roleArn">): boolean {
  return accountId === undefined || roleArn !== undefined;
}
