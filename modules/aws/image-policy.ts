import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DlmLifecyclePolicy } from "@cdktf/provider-aws/lib/dlm-lifecycle-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { partition } from "./account";

export interface AwsImagePolicyProps {
  readonly name: string;
  /** Images are taken of instances with this tag. */
  readonly target: { readonly key: string; readonly value: string };
  /** Put on the images. */
  readonly tags: Readonly<Record<string, string>>;
  /** 1, 2, 3, 4, 6, 8, 12 or 24. @see https://docs.aws.amazon.com/dlm/latest/APIReference/API_CreateRule.html */
  readonly everyHours: number;
  readonly keep: number;
  readonly isRebooted: boolean;
}

/** Amazon Data Lifecycle Manager takes images of an instance, and removes the oldest. */
export class AwsImagePolicy extends Construct {
  constructor(scope: Construct, id: string, props: AwsImagePolicyProps) {
    super(scope, id);
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [
        { actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers: ["dlm.amazonaws.com"] }] },
      ],
    });
    const role = new IamRole(this, "role", { name: `${props.name}-images`, assumeRolePolicy: trust.json });
    new IamRolePolicyAttachment(this, "permissions", {
      role: role.name,
      // AWS's own: it follows what the service needs. https://docs.aws.amazon.com/ebs/latest/userguide/managed-policies.html
      policyArn: `arn:${partition(this)}:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRoleForAMIManagement`,
    });
    new DlmLifecyclePolicy(this, "policy", {
      description: `Images of ${props.name}`,
      executionRoleArn: role.arn,
      state: "ENABLED",
      policyDetails: {
        policyType: "IMAGE_MANAGEMENT",
        resourceTypes: ["INSTANCE"],
        targetTags: { [props.target.key]: props.target.value },
        parameters: { noReboot: !props.isRebooted },
        schedule: [
          {
            name: `every ${props.everyHours} h`,
            createRule: { interval: props.everyHours, intervalUnit: "HOURS", times: ["17:30"] },
            retainRule: { count: props.keep },
            tagsToAdd: { ...props.tags },
            copyTags: false,
          },
        ],
      },
    });
  }
}
