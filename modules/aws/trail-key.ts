import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { accountId, partition } from "./account";

export interface AwsTrailKeyProps {
  readonly name: string;
  readonly region: string;
  /** The only trail that may use it. */
  readonly trailArn: string;
  /** The only log group that may use it. */
  readonly logGroupArn: string;
}

/**
 * The key of one trail: its log files, and its log group. Who may read the record needs kms:Decrypt by an IAM policy.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export class AwsTrailKey extends Construct {
  readonly keyArn: string;

  constructor(scope: Construct, id: string, props: AwsTrailKeyProps) {
    super(scope, id);
    const [account, part] = [accountId(this), partition(this)];
    const cloudTrail = [{ type: "Service", identifiers: ["cloudtrail.amazonaws.com"] }];
    const ofThisTrail = { test: "StringEquals", variable: "aws:SourceArn", values: [props.trailArn] };
    const ofThisAccount = { test: "StringEquals", variable: "aws:SourceAccount", values: [account] };
    // A key's policy speaks of that key only: "*" is the key itself.
    const policy = new DataAwsIamPolicyDocument(this, "policy", {
      statement: [
        {
          sid: "LetIamPoliciesDecide",
          actions: ["kms:*"],
          resources: ["*"],
          principals: [{ type: "AWS", identifiers: [`arn:${part}:iam::${account}:root`] }],
        },
        {
          sid: "EncryptTheTrail",
          actions: ["kms:GenerateDataKey*"],
          resources: ["*"],
          principals: cloudTrail,
          condition: [
            ofThisTrail,
            ofThisAccount,
            {
              test: "StringEquals",
              variable: "kms:EncryptionContext:aws:cloudtrail:arn",
              values: [props.trailArn],
            },
          ],
        },
        // Decrypt is asked for where the bucket has a bucket key.
        {
          sid: "CheckTheKeyForTheTrail",
          actions: ["kms:Decrypt", "kms:DescribeKey"],
          resources: ["*"],
          principals: cloudTrail,
          condition: [ofThisTrail, ofThisAccount],
        },
        {
          sid: "EncryptTheLogGroup",
          actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
          resources: ["*"],
          principals: [{ type: "Service", identifiers: [`logs.${props.region}.amazonaws.com`] }],
          condition: [
            { test: "ArnEquals", variable: "kms:EncryptionContext:aws:logs:arn", values: [props.logGroupArn] },
          ],
        },
      ],
    });
    const key = new KmsKey(this, "key", {
      description: `Log files of the trail ${props.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policy.json,
    });
    new KmsAlias(this, "alias", { name: `alias/${props.name}`, targetKeyId: key.keyId });
    this.keyArn = key.arn;
  }
}
