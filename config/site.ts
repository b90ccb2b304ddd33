import type { Account } from "./account";
import type { Activation } from "./activation";
import type { Alarm, Chat, Relay } from "./alarm";
import type { Appliance } from "./appliance";
import type { Notifier } from "./notifier";
import type { Peering } from "./peering";
import type { Cloud } from "./proposals";
import type { Backend } from "./schema/backend";
import type { LibreswanVersion } from "./schema/controllers";
import type { Asn } from "./values/asn";
import type { Cidr } from "./values/cidr";
import type { IpAddress } from "./values/ip-address";
import type { Key } from "./values/key";
import type { SecretRef } from "./values/secret-ref";
import type { Watch } from "./watch";

/** The validated, complete and frozen truth about one site. Lists keep the file's order. */
export interface Site {
  readonly name: Key;
  readonly description?: string;
  readonly backend: Backend;
  readonly tags: Readonly<Record<string, string>>;
  readonly controllers: readonly Controller[];
  readonly networks: readonly Network[];
  readonly connections: readonly Connection[];
  readonly chats: readonly Chat[];
  readonly relays: readonly Relay[];
  readonly alarms: readonly Alarm[];
  readonly appliances: readonly Appliance[];
  readonly notifiers: readonly Notifier[];
  readonly watches: readonly Watch[];
  readonly accounts: readonly Account[];
  readonly peerings: readonly Peering[];
  readonly activations: readonly Activation[];
}

export interface Controller {
  readonly key: Key;
  readonly description?: string;
  /** What the clouds see, and the IKE identity. */
  readonly publicIp: IpAddress;
  readonly privateIp: IpAddress;
  readonly subnets: readonly Cidr[];
  readonly asn: Asn;
  readonly behindNat: boolean;
  readonly libreswan: LibreswanVersion;
  readonly language: "en" | "ja";
  readonly vcController?: VcController;
}

export interface VcController {
  readonly dnsName?: string;
  readonly registryAddress: string;
  readonly certificates: boolean;
}

interface NetworkBase {
  readonly key: Key;
  /** `aws/tokyo`, as connections name it. */
  readonly id: string;
  readonly description?: string;
}

export type Network = CloudNetwork | CatalogNetwork;
export type CloudNetwork = AwsNetwork | OracleNetwork | AzureNetwork;
export type CatalogNetwork = SakuraNetwork | FreeNetwork;

export interface AwsNetwork extends NetworkBase {
  readonly provider: "aws";
  readonly region: string;
  readonly cidr: Cidr;
  readonly asn: Asn;
  readonly gateway: "vpn" | "transit";
  /** Key of the public subnet that the NAT gateway stands in. */
  readonly natGateway?: Key;
  readonly subnets: readonly AwsSubnet[];
  readonly existing?: {
    readonly vpcId: string;
    readonly vpnGatewayId?: string;
    readonly transitGatewayId?: string;
    readonly routeTableIds: readonly string[];
    readonly securityGroupId: string;
  };
}

export interface AwsSubnet {
  readonly key: Key;
  readonly cidr: Cidr;
  readonly availabilityZone: string;
  readonly public: boolean;
  readonly subnetId?: string;
}

export interface OracleNetwork extends NetworkBase {
  readonly provider: "oracle";
  readonly region: string;
  readonly tenancyId: string;
  readonly compartmentId: string;
  readonly cidr: Cidr;
  readonly asn: Asn;
  readonly subnets: readonly OracleSubnet[];
  readonly existing?: { readonly vcnId: string; readonly drgId: string };
}

export interface OracleSubnet {
  readonly key: Key;
  readonly cidr: Cidr;
  readonly availabilityDomain: string;
  readonly subnetId?: string;
}

export interface AzureNetwork extends NetworkBase {
  readonly provider: "azure";
  readonly location: string;
  readonly cidr: Cidr;
  readonly gatewaySubnet?: Cidr;
  readonly asn: Asn;
  readonly sku: string;
  readonly subnets: readonly AzureSubnet[];
  readonly existing?: {
    readonly resourceGroup: string;
    readonly vnetName: string;
    readonly securityGroupName: string;
    readonly gatewayName: string;
    readonly publicIpNames: readonly [string, string];
  };
}

export interface AzureSubnet {
  readonly key: Key;
  readonly cidr: Cidr;
  readonly subnetName?: string;
}

export interface SakuraNetwork extends NetworkBase {
  readonly provider: "sakura";
  readonly subnets: readonly SakuraSubnet[];
}

export interface SakuraSubnet {
  readonly key: Key;
  readonly zone: string;
  readonly cidr: Cidr;
  readonly localSwitchId: string;
  readonly gatewayIp: IpAddress;
  /** Every address that a VC node may get, ranges written out. */
  readonly addresses: readonly IpAddress[];
}

export interface FreeNetwork extends NetworkBase {
  readonly provider: "openstack" | "onpremises";
  readonly subnets: readonly FreeSubnet[];
}

export interface FreeSubnet {
  readonly key: Key;
  readonly cidr?: Cidr;
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

export interface Connection {
  readonly key: Key;
  readonly description?: string;
  readonly cloud: Cloud;
  readonly controller: Controller;
  readonly network: CloudNetwork;
  readonly routing: "bgp" | "static";
  readonly mode: "route-based" | "policy-based";
  readonly balance: "active-standby" | "active-active";
  readonly probe?: IpAddress;
  readonly tunnels: readonly [Tunnel, Tunnel];
}

export interface Tunnel {
  readonly number: 1 | 2;
  readonly insideCidr: Cidr;
  readonly cloudInsideAddress: IpAddress;
  /** On Azure both tunnels have tunnel 1's: a local network gateway has one BGP address. */
  readonly controllerInsideAddress: IpAddress;
  /** The interface's number and the policies' mark on the controller: unique there, and stable, as the inside CIDR is. */
  readonly interfaceNumber: number;
  readonly pskEpoch: number;
  readonly psk?: SecretRef;
}

export function isCloudNetwork(network: Network): network is CloudNetwork {
  return network.provider === "aws" || network.provider === "oracle" || network.provider === "azure";
}

export function isAwsNetwork(network: Network): network is AwsNetwork {
  return network.provider === "aws";
}

/** The name of a network's stack: one Terraform state. */
export function stackName(network: CloudNetwork): string {
  return `${network.provider}-${network.key}`;
}

/** `tokyo-aws-1`: the tunnel's name on the controller. */
export function tunnelName(connection: Pick<Connection, "key">, tunnel: Pick<Tunnel, "number">): string {
  return `${connection.key}-${tunnel.number}`;
}
