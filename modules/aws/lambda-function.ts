import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AssetType, Fn, TerraformAsset } from "cdktf";
import { Construct } from "constructs";

export interface AwsLambdaFunctionProps {
  /** Name of the function, its role and its log group. At most 64 characters. */
  readonly name: string;
  /** Path of the zip file that holds `index.js` with an exported `handler`. */
  readonly code: string;
  /** What the function's environment says; never a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it may do beside writing its own log. */
  readonly statements: readonly DataAwsIamPolicyDocumentStatement[];
  /** 1 to 900. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
  readonly timeoutSeconds: number;
  /** 128 to 10240. @default 256 */
  readonly memoryMegabytes?: number;
  /** Where it stands in a VPC. @default - outside of any VPC */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
  /** How many may run at once. @default - the account's limit */
  readonly reservedConcurrency?: number;
  /** @default 90 */
  readonly logRetentionDays?: number;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (Node.js 24: until April 2028) */
const RUNTIME = "nodejs24.x";

/** What AWS's documentation names for a function in a VPC, by the letter of its managed policy AWSLambdaVPCAccessExecutionRole. */
const INTERFACE_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** A Lambda function on arm64 with a role and a log group of its own. */
export class AwsLambdaFunction extends Construct {
  readonly arn: string;
  readonly invokeArn: string;
  readonly functionName: string;
  readonly roleArn: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: AwsLambdaFunctionProps) {
    super(scope, id);
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/lambda/${props.name}`,
      retentionInDays: props.logRetentionDays ?? 90,
    });
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [
        { actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers: ["lambda.amazonaws.com"] }] },
      ],
    });
    const role = new IamRole(this, "role", { name: props.name, assumeRolePolicy: trust.json });
    const permissions = new DataAwsIamPolicyDocument(this, "permissions", {
      statement: [
        { sid: "WriteOwnLog", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logs.arn}:*`] },
        // EC2 knows no finer resource for the interfaces that Lambda itself makes.
        ...(props.vpc ? [{ sid: "StandInTheVpc", actions: INTERFACE_ACTIONS, resources: ["*"] }] : []),
        ...props.statements,
      ],
    });
    const policy = new IamRolePolicy(this, "policy", { name: props.name, role: role.id, policy: permissions.json });
    const code = new TerraformAsset(this, "code", { path: props.code, type: AssetType.FILE });
    const lambda = new LambdaFunction(this, "function", {
      functionName: props.name,
      role: role.arn,
      runtime: RUNTIME,
      architectures: ["arm64"],
      handler: "index.handler",
      filename: code.path,
      sourceCodeHash: Fn.filebase64sha256(code.path),
      timeout: props.timeoutSeconds,
      memorySize: props.memoryMegabytes ?? 256,
      reservedConcurrentExecutions: props.reservedConcurrency,
      environment: { variables: { ...props.environment } },
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      vpcConfig: props.vpc && {
        subnetIds: [...props.vpc.subnetIds],
        securityGroupIds: [...props.vpc.securityGroupIds],
      },
      // Without its permissions the first call would fail, and in a VPC the function could not even be made.
      dependsOn: [policy],
    });
    this.arn = lambda.arn;
    this.invokeArn = lambda.invokeArn;
    this.functionName = lambda.functionName;
    this.roleArn = role.arn;
    this.logGroupName = logs.name;
  }
}
