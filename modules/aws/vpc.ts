import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";

export interface AwsVpcProps {
  /** Name tag of the VPC; what stands in it appends to it. */
  readonly name: string;
  readonly cidr: Cidr;
  readonly subnets: readonly AwsVpcSubnet[];
  /**
   * Key of the public subnet that a NAT gateway stands in, for the private ones' way out. Billed by the hour.
   * @default - private subnets have no way to the Internet
   */
  readonly natGatewaySubnet?: string;
}

export interface AwsVpcSubnet {
  readonly key: string;
  readonly cidr: Cidr;
  readonly availabilityZone: string;
  /** Whether it routes to an internet gateway. */
  readonly isPublic: boolean;
}

/** A VPC with its subnets, a route table for the private and one for the public ones, and their ways out. */
export class AwsVpc extends Construct {
  readonly vpcId: string;
  /** Ids by the subnet's key. */
  readonly subnetIds: Readonly<Record<string, string>>;
  /** Every table that should learn the way to the site. */
  readonly routeTables: readonly { readonly key: string; readonly id: string }[];

  constructor(scope: Construct, id: string, props: AwsVpcProps) {
    super(scope, id);
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: props.cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: props.name },
    });
    // The group that a forgotten resource falls into lets nothing in or out.
    new DefaultSecurityGroup(this, "default-security-group", {
      vpcId: vpc.id,
      ingress: [],
      egress: [],
      tags: { Name: `${props.name}-default` },
    });
    const subnets = new Map(props.subnets.map((subnet) => [subnet.key, this.makeSubnet(props.name, vpc, subnet)]));
    const isPublic = new Map(props.subnets.map((subnet) => [subnet.key, subnet.isPublic]));
    const tables = [
      ...(props.subnets.some((subnet) => subnet.isPublic) ? [this.makePublicTable(props.name, vpc)] : []),
      ...(props.subnets.some((subnet) => !subnet.isPublic) ? [this.makePrivateTable(props, vpc, subnets)] : []),
    ];
    for (const [key, subnet] of subnets) {
      const table = tables.find((one) => one.key === (isPublic.get(key) ? "public" : "private"));
      if (table)
        new RouteTableAssociation(this, `route-table-of-${key}`, { subnetId: subnet.id, routeTableId: table.id });
    }
    this.vpcId = vpc.id;
    this.subnetIds = Object.fromEntries([...subnets].map(([key, subnet]) => [key, subnet.id]));
    this.routeTables = tables;
  }

  private makeSubnet(name: string, vpc: Vpc, { key, cidr, availabilityZone, isPublic }: AwsVpcSubnet): Subnet {
    return new Subnet(this, `subnet-${key}`, {
      vpcId: vpc.id,
      cidrBlock: cidr,
      availabilityZone,
      mapPublicIpOnLaunch: isPublic,
      tags: { Name: `${name}-${key}` },
    });
  }

  private makePublicTable(name: string, vpc: Vpc) {
    const gateway = new InternetGateway(this, "internet-gateway", { vpcId: vpc.id, tags: { Name: name } });
    const table = new RouteTable(this, "public-routes", { vpcId: vpc.id, tags: { Name: `${name}-public` } });
    new Route(this, "public-default-route", {
      routeTableId: table.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.id,
    });
    return { key: "public", id: table.id };
  }

  private makePrivateTable({ name, natGatewaySubnet }: AwsVpcProps, vpc: Vpc, subnets: ReadonlyMap<string, Subnet>) {
    const table = new RouteTable(this, "private-routes", { vpcId: vpc.id, tags: { Name: `${name}-private` } });
    const place = natGatewaySubnet === undefined ? undefined : subnets.get(natGatewaySubnet);
    if (place) {
      const address = new Eip(this, "nat-address", { domain: "vpc", tags: { Name: `${name}-nat` } });
      const gateway = new NatGateway(this, "nat-gateway", {
        subnetId: place.id,
        allocationId: address.id,
        tags: { Name: name },
      });
      new Route(this, "private-default-route", {
        routeTableId: table.id,
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: gateway.id,
      });
    }
    return { key: "private", id: table.id };
  }
}
