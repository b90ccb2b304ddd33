import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { accountId, partition } from "./account";

export interface AwsNodeRoleProps {
  /** At most 64 characters. */
  readonly name: string;
  readonly region: string;
}

/** The role that a hybrid node takes on. @see https://docs.aws.amazon.com/systems-manager/latest/userguide/hybrid-multicloud-service-role.html */
export class AwsNodeRole extends Construct {
  readonly roleArn: string;
  readonly roleName: string;

  constructor(scope: Construct, id: string, { name, region }: AwsNodeRoleProps) {
    super(scope, id);
    const [account, part] = [accountId(this), partition(this)];
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [
        {
          sid: "SystemsManagerOfThisAccount",
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: ["ssm.amazonaws.com"] }],
          condition: [
            { test: "StringEquals", variable: "aws:SourceAccount", values: [account] },
            { test: "ArnEquals", variable: "aws:SourceArn", values: [`arn:${part}:ssm:${region}:${account}:*`] },
          ],
        },
      ],
    });
    const role = new IamRole(this, "role", { name, assumeRolePolicy: trust.json });
    new IamRolePolicyAttachment(this, "core", {
      role: role.name,
      policyArn: `arn:${part}:iam::aws:policy/AmazonSSMManagedInstanceCore`,
    });
    this.roleArn = role.arn;
    this.roleName = role.name;
  }
}
