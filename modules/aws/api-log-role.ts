import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { partition } from "./account";

export interface AwsApiLogRoleProps {
  readonly name: string;
}

/**
 * What API Gateway writes its logs as: one setting for the whole account and region, without which no REST API's stage can have
 * an access log. Whoever makes it twice in one place sets it to the last one's role, and unsets it when either is destroyed.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export class AwsApiLogRole extends Construct {
  constructor(scope: Construct, id: string, { name }: AwsApiLogRoleProps) {
    super(scope, id);
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [
        {
          sid: "LetApiGatewayWriteLogs",
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: ["apigateway.amazonaws.com"] }],
        },
      ],
    });
    const role = new IamRole(this, "role", { name, assumeRolePolicy: trust.json });
    const attachment = new IamRolePolicyAttachment(this, "policy", {
      role: role.name,
      policyArn: `arn:${partition(this)}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
    });
    new ApiGatewayAccount(this, "account", { cloudwatchRoleArn: role.arn, dependsOn: [attachment] });
  }
}
