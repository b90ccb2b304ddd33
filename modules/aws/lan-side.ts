import { DataAwsRouteTable } from "@cdktf/provider-aws/lib/data-aws-route-table";
import { DataAwsSecurityGroup } from "@cdktf/provider-aws/lib/data-aws-security-group";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";
import { AwsNetworkLookup } from "./network-lookup";

/** One VPC of those that shall be one LAN. */
export interface AwsLanSide {
  readonly vpcId: string;
  readonly cidrs: readonly Cidr[];
  /** Tables that shall know the way to the others. */
  readonly routeTables: readonly { readonly key: string; readonly id: string }[];
  /** Group that shall let the others in. @default - none is touched */
  readonly securityGroupId?: string;
  /** What makes this side's resources. @default - the stack's own */
  readonly provider?: TerraformProvider;
}

export interface AwsLanSideLookupProps {
  /** The VPC's Name tag, as the network's own stack sets it. */
  readonly name: string;
  readonly cidr: Cidr;
  /** Which route tables the network's stack makes. */
  readonly routeTables: readonly ("public" | "private")[];
  /** Subnets whose ids are wanted, by key. */
  readonly subnets: readonly string[];
  readonly provider?: TerraformProvider;
}

/** A VPC that another stack of the site made, with all that a peering needs: found when Terraform plans. */
export class AwsLanSideLookup extends Construct implements AwsLanSide {
  readonly vpcId: string;
  readonly cidrs: readonly Cidr[];
  readonly routeTables: readonly { readonly key: string; readonly id: string }[];
  readonly securityGroupId: string;
  readonly provider?: TerraformProvider;
  /** By the subnet's key. */
  readonly subnetIds: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: AwsLanSideLookupProps) {
    super(scope, id);
    const { name, provider } = props;
    const { vpcId, subnetIds } = new AwsNetworkLookup(this, "network", { name, subnets: props.subnets, provider });
    this.vpcId = vpcId;
    this.subnetIds = subnetIds;
    this.cidrs = [props.cidr];
    this.provider = provider;
    this.routeTables = props.routeTables.map((key) => ({
      key,
      id: new DataAwsRouteTable(this, `routes-${key}`, { vpcId, tags: { Name: `${name}-${key}` }, provider }).id,
    }));
    this.securityGroupId = new DataAwsSecurityGroup(this, "security-group", {
      vpcId,
      name: `${name}-vc-nodes`,
      provider,
    }).id;
  }
}
