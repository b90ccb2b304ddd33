import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand, PutMetricFilterCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, EnableKeyRotationCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { toIamPolicy } from "../helpers/policy-document";

/** What is sent where only the policy's name matters. */
const STAND_IN = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*" }],
});

/** moto's own account. */
export const MOTO_ACCOUNT = "123456789012";
const REGION = "ap-northeast-1";

type Resources = Record<string, Record<string, any>>;

/**
 * Makes in the emulator what a synthesised account stack says, as Terraform would: every value that is sent comes from the stack's
 * JSON. The emulator has none of AWS's own policies: one of the same name stands for each. What the report does not read (a
 * bucket's lifecycle, for example) is left out.
 */
export async function applyAccount(json: { readonly resource: Resources; readonly data: Resources }): Promise<void> {
  const known: Record<string, string> = {
    "${data.aws_caller_identity.caller.account_id}": MOTO_ACCOUNT,
    "${data.aws_partition.partition.partition}": "aws",
  };
  const fill = (text: string): string => {
    const filled = Object.entries(known).reduce((left, [token, value]) => left.replaceAll(token, value), text);
    if (filled.includes("${")) throw new Error(`nothing is known of ${filled}`);
    return filled;
  };
  const all = (type: string): [id: string, resource: any][] => Object.entries(json.resource[type] ?? {});
  const document = (token: string): string => {
    const id = /^\$\{data\.aws_iam_policy_document\.([\w-]+)\.json\}$/.exec(token)?.[1];
    return JSON.stringify(toIamPolicy(json.data.aws_iam_policy_document?.[String(id)], known));
  };
  await applyPeople(all, known, fill, document);
  await applyRecord(all, known, fill, document);
}

type All = (type: string) => [id: string, resource: any][];
type Text = (text: string) => string;

async function applyPeople(all: All, known: Record<string, string>, fill: Text, document: Text): Promise<void> {
  const iam = new IAMClient({ region: REGION });
  for (const [id, { name, policy }] of all("aws_iam_policy")) {
    const made = await iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: document(policy) }));
    known[`\${aws_iam_policy.${id}.arn}`] = String(made.Policy?.Arn);
  }
  for (const [id, { name }] of all("aws_iam_user")) {
    await iam.send(new CreateUserCommand({ UserName: name }));
    known[`\${aws_iam_user.${id}.name}`] = name;
  }
  for (const [id, { name }] of all("aws_iam_group")) {
    await iam.send(new CreateGroupCommand({ GroupName: name }));
    known[`\${aws_iam_group.${id}.name}`] = name;
  }
  const attachments = all("aws_iam_group_policy_attachments_exclusive");
  for (const arn of new Set<string>(attachments.flatMap(([, { policy_arns }]) => policy_arns))) {
    const name = /:iam::aws:policy\/(\w+)$/.exec(arn)?.[1];
    if (!name) continue;
    const made = await iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: STAND_IN }));
    known[fill(arn)] = String(made.Policy?.Arn);
  }
  for (const [, { group_name, policy_arns }] of attachments) {
    for (const arn of policy_arns) {
      await iam.send(new AttachGroupPolicyCommand({ GroupName: fill(group_name), PolicyArn: fill(arn) }));
    }
  }
  for (const [, { group, users }] of all("aws_iam_group_membership")) {
    for (const user of users) {
      await iam.send(new AddUserToGroupCommand({ GroupName: fill(group), UserName: fill(user) }));
    }
  }
  for (const [, rules] of all("aws_iam_account_password_policy")) {
    await iam.send(
      new UpdateAccountPasswordPolicyCommand({
        MinimumPasswordLength: rules.minimum_password_length,
        PasswordReusePrevention: rules.password_reuse_prevention,
      }),
    );
  }
}

async function applyRecord(all: All, known: Record<string, string>, fill: Text, document: Text): Promise<void> {
  const [kms, s3] = [new KMSClient({ region: REGION }), new S3Client({ region: REGION, forcePathStyle: true })];
  for (const [id, { bucket }] of all("aws_s3_bucket")) {
    const name = fill(bucket);
    const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
    await s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration }));
    for (const attribute of ["id", "bucket"]) known[`\${aws_s3_bucket.${id}.${attribute}}`] = name;
    known[`\${aws_s3_bucket.${id}.arn}`] = `arn:aws:s3:::${name}`;
  }
  for (const [, { bucket, versioning_configuration }] of all("aws_s3_bucket_versioning")) {
    const VersioningConfiguration = { Status: versioning_configuration.status };
    await s3.send(new PutBucketVersioningCommand({ Bucket: fill(bucket), VersioningConfiguration }));
  }
  for (const [, { bucket, policy }] of all("aws_s3_bucket_policy")) {
    const { Statement, ...rest } = JSON.parse(document(policy));
    // The emulator looks for who may deliver logs, and stumbles over a statement that is for everybody.
    const ofServices = Statement.filter(({ Principal }: { Principal: unknown }) => Principal !== "*");
    const Policy = JSON.stringify({ ...rest, Statement: ofServices });
    await s3.send(new PutBucketPolicyCommand({ Bucket: fill(bucket), Policy }));
  }
  for (const [, { bucket, target_bucket, target_prefix }] of all("aws_s3_bucket_logging")) {
    const LoggingEnabled = { TargetBucket: fill(target_bucket), TargetPrefix: target_prefix };
    await s3.send(new PutBucketLoggingCommand({ Bucket: fill(bucket), BucketLoggingStatus: { LoggingEnabled } }));
  }
  for (const [id, { policy, enable_key_rotation }] of all("aws_kms_key")) {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy: document(policy) }));
    if (enable_key_rotation) await kms.send(new EnableKeyRotationCommand({ KeyId: KeyMetadata?.KeyId }));
    known[`\${aws_kms_key.${id}.arn}`] = String(KeyMetadata?.Arn);
  }
  await applyWatch(all, known, fill);
}

async function applyWatch(all: All, known: Record<string, string>, fill: Text): Promise<void> {
  const logs = new CloudWatchLogsClient({ region: REGION });
  for (const [id, { name }] of all("aws_cloudwatch_log_group")) {
    await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
    known[`\${aws_cloudwatch_log_group.${id}.name}`] = name;
    known[`\${aws_cloudwatch_log_group.${id}.arn}`] = `arn:aws:logs:${REGION}:${MOTO_ACCOUNT}:log-group:${name}`;
  }
  for (const [, { name, log_group_name, pattern, metric_transformation: metric }] of all(
    "aws_cloudwatch_log_metric_filter",
  )) {
    await logs.send(
      new PutMetricFilterCommand({
        filterName: name,
        logGroupName: fill(log_group_name),
        filterPattern: pattern,
        metricTransformations: [
          { metricName: metric.name, metricNamespace: metric.namespace, metricValue: metric.value },
        ],
      }),
    );
  }
  const cloudWatch = new CloudWatchClient({ region: REGION });
  for (const [, alarm] of all("aws_cloudwatch_metric_alarm")) {
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: alarm.alarm_name,
        AlarmDescription: alarm.alarm_description,
        Namespace: alarm.namespace,
        MetricName: alarm.metric_name,
        Statistic: alarm.statistic,
        Period: alarm.period,
        EvaluationPeriods: alarm.evaluation_periods,
        ComparisonOperator: alarm.comparison_operator,
        Threshold: alarm.threshold,
        TreatMissingData: alarm.treat_missing_data,
        AlarmActions: alarm.alarm_actions.map(fill),
      }),
    );
  }
  const cloudTrail = new CloudTrailClient({ region: REGION });
  for (const [id, role] of all("aws_iam_role")) {
    known[`\${aws_iam_role.${id}.arn}`] = `arn:aws:iam::${MOTO_ACCOUNT}:role/${role.name}`;
  }
  for (const [, trail] of all("aws_cloudtrail")) {
    await cloudTrail.send(
      new CreateTrailCommand({
        Name: trail.name,
        S3BucketName: fill(trail.s3_bucket_name),
        KmsKeyId: fill(trail.kms_key_id),
        IsMultiRegionTrail: trail.is_multi_region_trail,
        IncludeGlobalServiceEvents: trail.include_global_service_events,
        EnableLogFileValidation: trail.enable_log_file_validation,
        CloudWatchLogsLogGroupArn: fill(trail.cloud_watch_logs_group_arn),
        CloudWatchLogsRoleArn: fill(trail.cloud_watch_logs_role_arn),
      }),
    );
    // As AWS sets it for every new trail; the emulator does not.
    const EventSelectors = [{ ReadWriteType: "All" as const, IncludeManagementEvents: true }];
    await cloudTrail.send(new PutEventSelectorsCommand({ TrailName: trail.name, EventSelectors }));
    if (trail.enable_logging) await cloudTrail.send(new StartLoggingCommand({ Name: trail.name }));
  }
}
