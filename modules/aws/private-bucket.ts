import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";

export interface AwsPrivateBucketProps {
  readonly name: string;
  /** Days that an object lives. What is deleted or overwritten earlier is kept for 30 days more. */
  readonly expireAfterDays: number;
  /** Days after which an object moves to S3 Glacier Instant Retrieval. @default - never */
  readonly archiveAfterDays?: number;
  /** ARN of the key that objects are encrypted with. @default - S3's own keys */
  readonly kmsKeyArn?: string;
  /** No object can be deleted or overwritten for this long. @default - none */
  readonly objectLock?: { readonly mode: "GOVERNANCE" | "COMPLIANCE"; readonly days: number };
  /** Name of the bucket that takes the record of who read what. @default - none */
  readonly accessLogBucket?: string;
  /** Who else may do what, beside the account's own principals. */
  readonly statements: (bucketArn: string) => readonly DataAwsIamPolicyDocumentStatement[];
}

/** An S3 bucket without any public way in: versioned, encrypted, reached by TLS only. */
export class AwsPrivateBucket extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** What has to be there before somebody else may write. */
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: AwsPrivateBucketProps) {
    super(scope, id);
    // Not with `objectLockEnabled`: a lock that is asked for later would then replace the bucket, with all that it holds.
    const bucket = new S3Bucket(this, "bucket", { bucket: props.name });
    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    const isClosed = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    this.encrypt(bucket, props.kmsKeyArn);
    this.limitLife(bucket, versioning, props);
    if (props.objectLock) {
      new S3BucketObjectLockConfigurationA(this, "object-lock", {
        bucket: bucket.id,
        rule: { defaultRetention: { mode: props.objectLock.mode, days: props.objectLock.days } },
        dependsOn: [versioning],
      });
    }
    if (props.accessLogBucket !== undefined) {
      new S3BucketLoggingA(this, "access-log", {
        bucket: bucket.id,
        targetBucket: props.accessLogBucket,
        targetPrefix: "access/",
      });
    }
    const document = new DataAwsIamPolicyDocument(this, "policy-document", {
      statement: [denyPlainHttp(bucket.arn), ...props.statements(bucket.arn)],
    });
    // A policy that is put while the block is being put fails with a conflict.
    this.policy = new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: document.json,
      dependsOn: [isClosed],
    });
  }

  private encrypt(bucket: S3Bucket, kmsKeyArn: string | undefined): void {
    const byDefault =
      kmsKeyArn === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn };
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [{ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled: kmsKeyArn !== undefined }],
    });
  }

  /** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html */
  private limitLife(bucket: S3Bucket, versioning: S3BucketVersioningA, props: AwsPrivateBucketProps): void {
    const { archiveAfterDays, expireAfterDays } = props;
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.id,
      rule: [
        {
          id: "end-of-life",
          status: "Enabled",
          filter: [{ prefix: "" }],
          ...(archiveAfterDays === undefined
            ? {}
            : { transition: [{ days: archiveAfterDays, storageClass: "GLACIER_IR" }] }),
          expiration: [{ days: expireAfterDays }],
          noncurrentVersionExpiration: [{ noncurrentDays: 30 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
        // S3 takes this only in a rule without days.
        {
          id: "empty-markers",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ expiredObjectDeleteMarker: true }],
        },
      ],
      dependsOn: [versioning],
    });
  }
}

function denyPlainHttp(bucketArn: string): DataAwsIamPolicyDocumentStatement {
  return {
    sid: "DenyPlainHttp",
    effect: "Deny",
    actions: ["s3:*"],
    resources: [bucketArn, `${bucketArn}/*`],
    principals: [{ type: "*", identifiers: ["*"] }],
    condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
  };
}
