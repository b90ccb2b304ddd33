import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";

export interface RecordGuardProps {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** Account that the trail is of. */
  readonly accountId: string;
  /** Home region of the trail. */
  readonly region: string;
  /** Name of the trail, which its bucket, key and log group derive theirs from. */
  readonly trailName: string;
  /** What the alarms' names begin with. */
  readonly alarmPrefix: string;
}

/**
 * Keeps the record of an account from those who work in it: PowerUserAccess holds everything but IAM, and so the trail, its
 * files, its key and its alarms. The administrators' group does not have it.
 */
export function recordGuardStatements(props: RecordGuardProps): DataAwsIamPolicyDocumentStatement[] {
  const { partition, accountId, region, trailName, alarmPrefix } = props;
  const here = (service: string): string => `arn:${partition}:${service}:${region}:${accountId}`;
  const bucket = `arn:${partition}:s3:::${trailName}-*${accountId}`;
  const group = `${here("logs")}:log-group:/aws/cloudtrail/${trailName}`;
  return [
    {
      sid: "DenyTouchingTheTrail",
      effect: "Deny",
      actions: [
        "cloudtrail:DeleteTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:PutInsightSelectors",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateTrail",
      ],
      resources: [`${here("cloudtrail")}:trail/${trailName}`],
    },
    { sid: "DenyTheLogFiles", effect: "Deny", actions: ["s3:*"], resources: [bucket, `${bucket}/*`] },
    {
      sid: "DenyTheKeyOfTheLogFiles",
      effect: "Deny",
      actions: [
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DeleteAlias",
        "kms:DisableKey",
        "kms:DisableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:UpdateAlias",
      ],
      resources: [`${here("kms")}:key/*`],
      condition: [
        { test: "ForAnyValue:StringEquals", variable: "kms:ResourceAliases", values: [`alias/${trailName}`] },
      ],
    },
    {
      sid: "DenyTheAliasOfTheKey",
      effect: "Deny",
      actions: ["kms:DeleteAlias", "kms:UpdateAlias"],
      resources: [`${here("kms")}:alias/${trailName}`],
    },
    {
      sid: "DenyTouchingTheEvents",
      effect: "Deny",
      actions: [
        "logs:DeleteLogGroup",
        "logs:DeleteLogStream",
        "logs:DeleteMetricFilter",
        "logs:DeleteRetentionPolicy",
        "logs:DisassociateKmsKey",
        "logs:PutMetricFilter",
        "logs:PutRetentionPolicy",
      ],
      resources: [group, `${group}:*`],
    },
    {
      sid: "DenySilencingTheAlarms",
      effect: "Deny",
      actions: [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DisableAlarmActions",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:SetAlarmState",
      ],
      resources: [`${here("cloudwatch")}:alarm:${alarmPrefix}-*`],
    },
  ];
}
