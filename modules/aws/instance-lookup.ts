import { DataAwsInstance } from "@cdktf/provider-aws/lib/data-aws-instance";
import { DataAwsInstances } from "@cdktf/provider-aws/lib/data-aws-instances";
import { type ListTerraformIterator, TerraformIterator } from "cdktf";
import { Construct } from "constructs";

export interface AwsInstanceLookupProps {
  /** Name tags, with `*` and `?`. */
  readonly names: readonly string[];
  /** `running`, `stopped` … */
  readonly states: readonly string[];
  /** @default - in every VPC of the region */
  readonly vpcId?: string;
}

/** EC2 instances that are there when Terraform plans, by their Name tag. */
export class AwsInstanceLookup extends Construct {
  /** Over the instances' ids. */
  readonly each: ListTerraformIterator;
  /** An expression: the instances' Name tags by id. */
  readonly names: string;

  constructor(scope: Construct, id: string, props: AwsInstanceLookupProps) {
    super(scope, id);
    const found = new DataAwsInstances(this, "found", {
      instanceStateNames: [...props.states],
      filter: [
        { name: "tag:Name", values: [...props.names] },
        ...(props.vpcId === undefined ? [] : [{ name: "vpc-id", values: [props.vpcId] }]),
      ],
    });
    this.each = TerraformIterator.fromList(found.ids);
    // `aws_instances` tells ids and addresses only: each instance has to be asked for its tags.
    const one = new DataAwsInstance(this, "one", { forEach: this.each, instanceId: this.each.value });
    this.names = `{for id, one in ${one.fqn} : id => lookup(one.tags, "Name", "")}`;
  }
}
