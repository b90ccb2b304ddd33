// A table is long by nature: the monitoring section of the benchmark, recommendation by recommendation.

/** What a record of CloudTrail holds of all that the alarms look at. */
export interface TrailEvent {
  readonly [field: string]: string | TrailEvent;
}

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
  /** Events that must raise it, whatever filter an account has for them. */
  readonly samples: readonly TrailEvent[];
}

/**
 * The version that every number here and in the report belongs to.
 * @see https://www.cisecurity.org/benchmark/amazon_web_services
 */
export const CIS_VERSION = "5.0.0";

const anyOf = (names: readonly string[]): string => names.map((name) => `($.eventName = ${name})`).join(" || ");

const event = (service: string, eventName: string, more: TrailEvent = {}): TrailEvent => ({
  eventSource: `${service}.amazonaws.com`,
  eventName,
  eventType: "AwsApiCall",
  sourceIPAddress: "198.51.100.7",
  userIdentity: { type: "IAMUser", accessKeyId: "ASIAIOSFODNN7EXAMPLE" },
  ...more,
});

type Watched = Pick<TrailAlarm, "pattern" | "samples">;

/** Calls of a service. The benchmark tells some of them by their names alone. */
const calls = (service: string, names: readonly string[]): Watched => ({
  pattern: `{ ${anyOf(names)} }`,
  samples: names.map((name) => event(service, name)),
});

const callsFrom = (service: string, names: readonly string[]): Watched => ({
  pattern: `{ ($.eventSource = ${service}.amazonaws.com) && (${anyOf(names)}) }`,
  samples: names.map((name) => event(service, name)),
});

const SIGN_IN = { eventType: "AwsConsoleSignIn" };
const ROOT = { type: "Root", accessKeyId: "ASIAIOSFODNN7EXAMPLE" };

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
    samples: [
      event("ec2", "RunInstances", { errorCode: "Client.UnauthorizedOperation" }),
      event("iam", "CreateUser", { errorCode: "AccessDenied" }),
      event("s3", "PutObject", { errorCode: "AccessDeniedException" }),
    ],
  },
  {
    key: "sign-in-without-mfa",
    recommendation: "4.2",
    sentence: "A user signed in to the console without MFA.",
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
    samples: [
      event("signin", "ConsoleLogin", {
        ...SIGN_IN,
        additionalEventData: { MFAUsed: "No" },
        responseElements: { ConsoleLogin: "Success" },
      }),
    ],
  },
  {
    key: "root-usage",
    recommendation: "4.3",
    sentence: "The root user did something.",
    pattern:
      '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    samples: [event("ec2", "DescribeInstances", { userIdentity: ROOT })],
  },
  {
    key: "iam-policy-changes",
    recommendation: "4.4",
    sentence: "An IAM policy was made, changed, deleted, attached or detached.",
    ...calls("iam", [
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
    ]),
  },
  {
    key: "trail-changes",
    recommendation: "4.5",
    sentence: "A trail was made, changed, deleted, started or stopped.",
    ...calls("cloudtrail", ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"]),
  },
  {
    key: "sign-in-failures",
    recommendation: "4.6",
    sentence: "A sign-in to the console failed.",
    pattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    samples: [event("signin", "ConsoleLogin", { ...SIGN_IN, errorMessage: "Failed authentication" })],
  },
  {
    key: "key-deletion",
    recommendation: "4.7",
    sentence: "A KMS key was disabled, or its deletion scheduled.",
    ...callsFrom("kms", ["DisableKey", "ScheduleKeyDeletion"]),
  },
  {
    key: "bucket-policy-changes",
    recommendation: "4.8",
    sentence: "Who may read or write an S3 bucket, or how long it keeps, was changed.",
    ...callsFrom("s3", [
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
    ...callsFrom("config", [
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
    ...calls("ec2", [
      "AuthorizeSecurityGroupIngress",
      "AuthorizeSecurityGroupEgress",
      "RevokeSecurityGroupIngress",
      "RevokeSecurityGroupEgress",
      "CreateSecurityGroup",
      "DeleteSecurityGroup",
    ]),
  },
  {
    key: "network-acl-changes",
    recommendation: "4.11",
    sentence: "A network ACL was changed.",
    ...calls("ec2", [
      "CreateNetworkAcl",
      "CreateNetworkAclEntry",
      "DeleteNetworkAcl",
      "DeleteNetworkAclEntry",
      "ReplaceNetworkAclEntry",
      "ReplaceNetworkAclAssociation",
    ]),
  },
  {
    key: "gateway-changes",
    recommendation: "4.12",
    sentence: "A customer gateway or an internet gateway was changed.",
    ...calls("ec2", [
      "CreateCustomerGateway",
      "DeleteCustomerGateway",
      "AttachInternetGateway",
      "CreateInternetGateway",
      "DeleteInternetGateway",
      "DetachInternetGateway",
    ]),
  },
  {
    key: "route-table-changes",
    recommendation: "4.13",
    sentence: "A route table was changed.",
    ...callsFrom("ec2", [
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
    ...calls("ec2", [
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
    ]),
  },
  {
    key: "organization-changes",
    recommendation: "4.15",
    sentence: "The AWS organization was changed.",
    ...callsFrom("organizations", [
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

const WATCH_CHANGES = [
  ["monitoring", "DeleteAlarms"],
  ["monitoring", "DisableAlarmActions"],
  ["logs", "DeleteMetricFilter"],
  ["logs", "PutMetricFilter"],
  ["logs", "DeleteLogGroup"],
  ["logs", "DeleteRetentionPolicy"],
  ["cloudtrail", "PutEventSelectors"],
] as const;

/** What the benchmark has in 4.3 and 4.5 as one, told apart; and who would silence the alarms themselves. */
export const OWN_ALARMS: readonly TrailAlarm[] = [
  {
    key: "root-sign-in",
    sentence: "The root user signed in to the console, or somebody tried to as root.",
    pattern: '{ ($.eventName = "ConsoleLogin") && ($.userIdentity.type = "Root") }',
    samples: [event("signin", "ConsoleLogin", { ...SIGN_IN, userIdentity: ROOT })],
  },
  {
    key: "root-keys",
    sentence: "An access key of the root user was used, made or changed.",
    // Long-term keys begin with AKIA, a console session's with ASIA.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    pattern:
      '{ ($.userIdentity.type = "Root") && (($.userIdentity.accessKeyId = "AKIA*") || ($.eventName = CreateAccessKey) || ($.eventName = UpdateAccessKey) || ($.eventName = DeleteAccessKey)) }',
    samples: [
      event("ec2", "DescribeInstances", { userIdentity: { type: "Root", accessKeyId: "AKIAIOSFODNN7EXAMPLE" } }),
      ...["CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey"].map((name) =>
        event("iam", name, { userIdentity: ROOT }),
      ),
    ],
  },
  {
    key: "watch-changes",
    sentence:
      "What the trail is watched by was changed: an alarm, a metric filter, a log group or the events that are recorded.",
    pattern: `{ ${anyOf(WATCH_CHANGES.map(([, name]) => name))} }`,
    samples: WATCH_CHANGES.map(([service, name]) => event(service, name)),
  },
];
