// A table is long by nature: the monitoring section of the benchmark, recommendation by recommendation.

/** An alarm on events of the trail: one event is enough. */
export interface TrailAlarm {
  /** Lower-case words with hyphens; the metric's name and part of the alarm's. */
  readonly key: string;
  /** Number of the recommendation in the benchmark. Left out for alarms of our own. */
  readonly recommendation?: string;
  /** For people, in ASCII: what has happened. */
  readonly sentence: string;
  /** A metric filter in CloudWatch Logs' language, at most 1024 characters. */
  readonly pattern: string;
}

/**
 * The version that every number here and in the report belongs to.
 * @see https://www.cisecurity.org/benchmark/amazon_web_services
 */
export const CIS_VERSION = "5.0.0";

const anyOf = (names: readonly string[]): string => names.map((name) => `($.eventName = ${name})`).join(" || ");

const from = (service: string, names: readonly string[]): string =>
  `{ ($.eventSource = ${service}.amazonaws.com) && (${anyOf(names)}) }`;

/**
 * Recommendations 4.1 to 4.15, with the benchmark's own patterns (4.2: the one for accounts that people also enter by single
 * sign-on). 4.16, Security Hub, is no alarm.
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
 */
export const CIS_ALARMS: readonly TrailAlarm[] = [
  {
    key: "unauthorized-api-calls",
    recommendation: "4.1",
    sentence: "A call to AWS was refused for lack of permission.",
    pattern:
      '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") && ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }',
  },
  {
    key: "sign-in-without-mfa",
    recommendation: "4.2",
    sentence: "A user signed in to the console without MFA.",
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  },
  {
    key: "root-usage",
    recommendation: "4.3",
    sentence: "The root user did something.",
    pattern:
      '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
  },
  {
    key: "iam-policy-changes",
    recommendation: "4.4",
    sentence: "An IAM policy was made, changed, deleted, attached or detached.",
    pattern: `{ ${anyOf([
      "DeleteGroupPolicy",
      "DeleteRolePolicy",
      "DeleteUserPolicy",
      "PutGroupPolicy",
      "PutRolePolicy",
      "PutUserPolicy",
      "CreatePolicy",
      "DeletePolicy",
      "CreatePolicyVersion",
      "DeletePolicyVersion",
      "AttachRolePolicy",
      "DetachRolePolicy",
      "AttachUserPolicy",
      "DetachUserPolicy",
      "AttachGroupPolicy",
      "DetachGroupPolicy",
    ])} }`,
  },
  {
    key: "trail-changes",
    recommendation: "4.5",
    sentence: "A trail was made, changed, deleted, started or stopped.",
    pattern: `{ ${anyOf(["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"])} }`,
  },
  {
    key: "sign-in-failures",
    recommendation: "4.6",
    sentence: "A sign-in to the console failed.",
    pattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
  },
  {
    key: "key-deletion",
    recommendation: "4.7",
    sentence: "A KMS key was disabled, or its deletion scheduled.",
    pattern: from("kms", ["DisableKey", "ScheduleKeyDeletion"]),
  },
  {
    key: "bucket-policy-changes",
    recommendation: "4.8",
    sentence: "Who may read or write an S3 bucket, or how long it keeps, was changed.",
    pattern: from("s3", [
      "PutBucketAcl",
      "PutBucketPolicy",
      "PutBucketCors",
      "PutBucketLifecycle",
      "PutBucketReplication",
      "DeleteBucketPolicy",
      "DeleteBucketCors",
      "DeleteBucketLifecycle",
      "DeleteBucketReplication",
    ]),
  },
  {
    key: "config-changes",
    recommendation: "4.9",
    sentence: "AWS Config was stopped or changed.",
    pattern: from("config", [
      "StopConfigurationRecorder",
      "DeleteDeliveryChannel",
      "PutDeliveryChannel",
      "PutConfigurationRecorder",
    ]),
  },
  {
    key: "security-group-changes",
    recommendation: "4.10",
    sentence: "A security group was changed.",
    pattern: `{ ${anyOf([
      "AuthorizeSecurityGroupIngress",
      "AuthorizeSecurityGroupEgress",
      "RevokeSecurityGroupIngress",
      "RevokeSecurityGroupEgress",
      "CreateSecurityGroup",
      "DeleteSecurityGroup",
    ])} }`,
  },
  {
    key: "network-acl-changes",
    recommendation: "4.11",
    sentence: "A network ACL was changed.",
    pattern: `{ ${anyOf([
      "CreateNetworkAcl",
      "CreateNetworkAclEntry",
      "DeleteNetworkAcl",
      "DeleteNetworkAclEntry",
      "ReplaceNetworkAclEntry",
      "ReplaceNetworkAclAssociation",
    ])} }`,
  },
  {
    key: "gateway-changes",
    recommendation: "4.12",
    sentence: "A customer gateway or an internet gateway was changed.",
    pattern: `{ ${anyOf([
      "CreateCustomerGateway",
      "DeleteCustomerGateway",
      "AttachInternetGateway",
      "CreateInternetGateway",
      "DeleteInternetGateway",
      "DetachInternetGateway",
    ])} }`,
  },
  {
    key: "route-table-changes",
    recommendation: "4.13",
    sentence: "A route table was changed.",
    pattern: from("ec2", [
      "CreateRoute",
      "CreateRouteTable",
      "ReplaceRoute",
      "ReplaceRouteTableAssociation",
      "DeleteRouteTable",
      "DeleteRoute",
      "DisassociateRouteTable",
    ]),
  },
  {
    key: "vpc-changes",
    recommendation: "4.14",
    sentence: "A VPC or a VPC peering was changed.",
    pattern: `{ ${anyOf([
      "CreateVpc",
      "DeleteVpc",
      "ModifyVpcAttribute",
      "AcceptVpcPeeringConnection",
      "CreateVpcPeeringConnection",
      "DeleteVpcPeeringConnection",
      "RejectVpcPeeringConnection",
      "AttachClassicLinkVpc",
      "DetachClassicLinkVpc",
      "DisableVpcClassicLink",
      "EnableVpcClassicLink",
    ])} }`,
  },
  {
    key: "organization-changes",
    recommendation: "4.15",
    sentence: "The AWS organization was changed.",
    pattern: from("organizations", [
      "AcceptHandshake",
      "AttachPolicy",
      "CreateAccount",
      "CreateOrganizationalUnit",
      "CreatePolicy",
      "DeclineHandshake",
      "DeleteOrganization",
      "DeleteOrganizationalUnit",
      "DeletePolicy",
      "DetachPolicy",
      "DisablePolicyType",
      "EnablePolicyType",
      "InviteAccountToOrganization",
      "LeaveOrganization",
      "MoveAccount",
      "RemoveAccountFromOrganization",
      "UpdatePolicy",
      "UpdateOrganizationalUnit",
    ]),
  },
];

/** What the benchmark has in 4.3 and 4.5 as one, told apart; and who would silence the alarms themselves. */
export const OWN_ALARMS: readonly TrailAlarm[] = [
  {
    key: "root-sign-in",
    sentence: "The root user signed in to the console, or somebody tried to as root.",
    pattern: '{ ($.eventName = "ConsoleLogin") && ($.userIdentity.type = "Root") }',
  },
  {
    key: "root-keys",
    sentence: "An access key of the root user was used, made or changed.",
    // Long-term keys begin with AKIA, a console session's with ASIA.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    pattern:
      '{ ($.userIdentity.type = "Root") && (($.userIdentity.accessKeyId = "AKIA*") || ($.eventName = CreateAccessKey) || ($.eventName = UpdateAccessKey) || ($.eventName = DeleteAccessKey)) }',
  },
  {
    key: "watch-changes",
    sentence:
      "What the trail is watched by was changed: an alarm, a metric filter, a log group or the events that are recorded.",
    pattern: `{ ${anyOf([
      "DeleteAlarms",
      "DisableAlarmActions",
      "DeleteMetricFilter",
      "PutMetricFilter",
      "DeleteLogGroup",
      "DeleteRetentionPolicy",
      "PutEventSelectors",
    ])} }`,
  },
];
