import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";

interface Places {
  readonly tableArn: string;
  /** Of every parameter below the API's path. */
  readonly parameterArn: string;
  readonly keyArn: string;
  readonly nodeRoleArn: string;
  readonly region: string;
}

/** What the function that hands out activations may do. */
export function activationStatements(places: Places): DataAwsIamPolicyDocumentStatement[] {
  return [
    {
      sid: "LeaseCountAndRecord",
      actions: ["dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [places.tableArn],
    },
    {
      // Systems Manager knows no ARN of an activation.
      sid: "MakeAndDeleteActivations",
      actions: ["ssm:AddTagsToResource", "ssm:CreateActivation", "ssm:DeleteActivation", "ssm:DescribeActivations"],
      resources: ["*"],
    },
    {
      sid: "KeepItsCodes",
      actions: ["ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter"],
      resources: [places.parameterArn],
    },
    {
      sid: "EncryptThemByParameterStoreOnly",
      actions: ["kms:Decrypt", "kms:Encrypt"],
      resources: [places.keyArn],
      condition: [
        { test: "StringEquals", variable: "kms:ViaService", values: [`ssm.${places.region}.amazonaws.com`] },
        { test: "StringLike", variable: "kms:EncryptionContext:PARAMETER_ARN", values: [places.parameterArn] },
      ],
    },
    {
      sid: "GiveNodesTheirRole",
      actions: ["iam:PassRole"],
      resources: [places.nodeRoleArn],
      condition: [{ test: "StringEquals", variable: "iam:PassedToService", values: ["ssm.amazonaws.com"] }],
    },
  ];
}
