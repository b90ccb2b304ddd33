import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";

export interface AwsNetworkLookupProps {
  /** The VPC's Name tag, as the network's own stack sets it. Unused where ids are given. */
  readonly name: string;
  /** Keys of the subnets that are wanted. */
  readonly subnets: readonly string[];
  /** @default - found by its Name tag when Terraform plans */
  readonly vpcId?: string;
  /** Ids by the subnet's key. @default - found by their Name tags */
  readonly subnetIds?: Readonly<Record<string, string>>;
  /** Where it is looked for. @default - the stack's own region and account */
  readonly provider?: TerraformProvider;
}

/** A VPC and subnets of it that another stack, or another hand, made: found when Terraform plans, so that states stay apart. */
export class AwsNetworkLookup extends Construct {
  readonly vpcId: string;
  /** By the subnet's key. */
  readonly subnetIds: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: AwsNetworkLookupProps) {
    super(scope, id);
    const { provider } = props;
    const vpcId = props.vpcId ?? new DataAwsVpc(this, "vpc", { tags: { Name: props.name }, provider }).id;
    this.vpcId = vpcId;
    this.subnetIds = Object.fromEntries(
      props.subnets.map((key) => [key, props.subnetIds?.[key] ?? this.findSubnet(vpcId, props.name, key, provider)]),
    );
  }

  private findSubnet(vpcId: string, name: string, key: string, provider?: TerraformProvider): string {
    return new DataAwsSubnet(this, `subnet-${key}`, { vpcId, tags: { Name: `${name}-${key}` }, provider }).id;
  }
}
