import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * ARN of the SNS topic at the start of a road, which another stack makes in the same region.
 * @param name the topic's, by `alarmTopicName`
 */
export function alarmTopicArn(scope: Construct, region: string, name: string): string {
  return `arn:${partition(scope)}:sns:${region}:${accountId(scope)}:${name}`;
}

/** The account that Terraform's credentials belong to. */
export function accountId(scope: Construct): string {
  const stack = TerraformStack.of(scope);
  const known = stack.node.tryFindChild("caller") as DataAwsCallerIdentity | undefined;
  return (known ?? new DataAwsCallerIdentity(stack, "caller")).accountId;
}

/** `aws`, `aws-cn` or `aws-us-gov`. */
export function partition(scope: Construct): string {
  const stack = TerraformStack.of(scope);
  const known = stack.node.tryFindChild("partition") as DataAwsPartition | undefined;
  return (known ?? new DataAwsPartition(stack, "partition")).partition;
}
