import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { accountId, partition } from "./account";
import { AwsPrivateBucket } from "./private-bucket";
import { AwsTrailKey } from "./trail-key";

export interface AwsTrailProps {
  /** Name of the trail; its bucket, key, log group and role derive theirs. */
  readonly name: string;
  /** Its home region. */
  readonly region: string;
  readonly retentionDays: number;
  readonly archiveAfterDays: number;
  readonly logRetentionDays: number;
  /** @default - log files can be deleted by who may delete */
  readonly objectLock?: { readonly mode: "governance" | "compliance"; readonly days: number };
}

const CLOUDTRAIL = [{ type: "Service", identifiers: ["cloudtrail.amazonaws.com"] }];

/** Every API call of an account, in all regions: signed log files in a bucket, and events in a log group that alarms look at. */
export class AwsTrail extends Construct {
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: AwsTrailProps) {
    super(scope, id);
    const [account, part] = [accountId(this), partition(this)];
    const groupName = `/aws/cloudtrail/${props.name}`;
    const groupArn = `arn:${part}:logs:${props.region}:${account}:log-group:${groupName}`;
    const trailArn = `arn:${part}:cloudtrail:${props.region}:${account}:trail/${props.name}`;
    const key = new AwsTrailKey(this, "key", {
      name: props.name,
      region: props.region,
      trailArn,
      logGroupArn: groupArn,
    });
    const bucket = this.makeBuckets(props, trailArn, account, key.keyArn);
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: groupName,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: key.keyArn,
    });
    const role = this.makeRole(props, account, groupArn);
    new Cloudtrail(this, "trail", {
      name: props.name,
      s3BucketName: bucket.bucketName,
      kmsKeyId: key.keyArn,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      enableLogging: true,
      cloudWatchLogsGroupArn: `${logs.arn}:*`,
      cloudWatchLogsRoleArn: role.arn,
      // CloudTrail tries both when the trail is made.
      dependsOn: [bucket.policy, role.policy],
    });
    this.logGroupName = logs.name;
  }

  /** The bucket of the log files, and beside it the one that records who read them. */
  private makeBuckets(props: AwsTrailProps, trailArn: string, account: string, kmsKeyArn: string): AwsPrivateBucket {
    const { name, retentionDays, archiveAfterDays, objectLock } = props;
    const bucketName = `${name}-${account}`;
    const accessName = `${name}-access-${account}`;
    const access = new AwsPrivateBucket(this, "access-log", {
      name: accessName,
      expireAfterDays: retentionDays,
      statements: (arn) => [
        {
          sid: "TakeTheAccessLog",
          actions: ["s3:PutObject"],
          resources: [`${arn}/access/*`],
          principals: [{ type: "Service", identifiers: ["logging.s3.amazonaws.com"] }],
          condition: [
            { test: "ArnEquals", variable: "aws:SourceArn", values: [`arn:${partition(this)}:s3:::${bucketName}`] },
            { test: "StringEquals", variable: "aws:SourceAccount", values: [account] },
          ],
        },
      ],
    });
    const ofThisTrail = [
      { test: "StringEquals", variable: "aws:SourceArn", values: [trailArn] },
      { test: "StringEquals", variable: "aws:SourceAccount", values: [account] },
    ];
    return new AwsPrivateBucket(this, "log-files", {
      name: bucketName,
      expireAfterDays: retentionDays,
      archiveAfterDays,
      kmsKeyArn,
      objectLock: objectLock && {
        mode: objectLock.mode === "compliance" ? "COMPLIANCE" : "GOVERNANCE",
        days: objectLock.days,
      },
      accessLogBucket: access.bucketName,
      statements: (arn) => [
        {
          sid: "LetTheTrailCheckTheBucket",
          actions: ["s3:GetBucketAcl"],
          resources: [arn],
          principals: CLOUDTRAIL,
          condition: ofThisTrail,
        },
        {
          sid: "LetTheTrailWrite",
          actions: ["s3:PutObject"],
          resources: [`${arn}/AWSLogs/${account}/*`],
          principals: CLOUDTRAIL,
          condition: [
            ...ofThisTrail,
            { test: "StringEquals", variable: "s3:x-amz-acl", values: ["bucket-owner-full-control"] },
          ],
        },
      ],
    });
  }

  /**
   * Only who may pass the role can give it to a trail. CloudTrail's guide names no condition for taking it on, and a wrong one
   * would stop the delivery.
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
   */
  private makeRole({ name, region }: AwsTrailProps, account: string, groupArn: string) {
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [{ sid: "LetCloudTrailTakeTheRole", actions: ["sts:AssumeRole"], principals: CLOUDTRAIL }],
    });
    const role = new IamRole(this, "role", { name, assumeRolePolicy: trust.json });
    const permissions = new DataAwsIamPolicyDocument(this, "permissions", {
      statement: [
        {
          sid: "WriteOwnLogStreams",
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [`${groupArn}:log-stream:${account}_CloudTrail_${region}*`],
        },
      ],
    });
    const policy = new IamRolePolicy(this, "role-policy", { name, role: role.id, policy: permissions.json });
    return { arn: role.arn, policy };
  }
}
