import * as z from "zod";
import { ROLES } from "../account";
import { parseEmailAddress } from "../values/email-address";
import { alarmKey } from "./alarms";
import { oneOf, plainText, text, vendorId } from "./fields";

export const awsAccountId = (description: string) => vendorId(description, /^\d{12}$/, '"111122223333"');

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names, paths) */
export const roleArn = (description: string) =>
  vendorId(
    description,
    /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    "arn:aws:iam::111122223333:role/terraform",
  );

const USER_NAME = vendorId(
  "an IAM user name: up to 64 letters, digits and + = , . @ _ -",
  /^[\w+=,.@-]{1,64}$/,
  "hanako.yamada",
);

/** As in a directory: no markup, no line break. @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_Name.html */
const user = z
  .strictObject({
    roles: z.array(oneOf(ROLES, "What the person is.")).min(1).meta({
      description:
        "admin: everything. developers: everything but IAM and the record. operators: reading, and the bill.",
    }),
    givenName: plainText("Given name, for IAM Identity Center.", "Hanako").optional(),
    familyName: plainText("Family name, for IAM Identity Center.", "Yamada").optional(),
    email: text(parseEmailAddress, {
      description: "Address to which IAM Identity Center sends the first sign-in.",
      examples: ["hanako@example.ac.jp"],
    }).optional(),
  })
  .meta({ description: "A person." });

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html */
const signIn = z
  .strictObject({
    minimumLength: z.number().int().min(8).max(128).default(14).meta({
      description: "Shortest length that a password may have. CIS asks for 14.",
    }),
    reusePrevention: z.number().int().min(1).max(24).default(24).meta({
      description: "How many earlier passwords may not come back. CIS asks for 24.",
    }),
    maximumAgeDays: z.number().int().min(1).max(1095).optional().meta({
      description: "Days after which a password must be changed. Default: never, as NIST SP 800-63B advises.",
    }),
  })
  .prefault({})
  .meta({ description: "The account's rules for passwords." });

const groupName = (example: string) =>
  vendorId("a group's display name", /^[\p{L}\p{M}\p{N}\p{Zs}_.@+=-]{1,128}$/u, example).prefault(example);

const identityCenter = z
  .strictObject({
    directory: oneOf(
      ["own", "external"],
      "own: users and groups are made in Identity Center's directory. external: an identity provider brings both.",
    ),
    accountIds: z
      .array(awsAccountId("an AWS account, 12 digits in quotes"))
      .min(1)
      .max(50)
      .meta({ description: "Accounts that the groups are assigned to." }),
    sessionHours: z.number().int().min(1).max(12).default(8).meta({ description: "Longest session, in hours." }),
    groups: z
      .strictObject({
        admin: groupName("Admin"),
        developers: groupName("Developers"),
        operators: groupName("Operators"),
      })
      .prefault({})
      .meta({ description: "Names of the groups in the directory." }),
  })
  .optional()
  .meta({
    description: "People come from IAM Identity Center instead of IAM users. Its region must be the account's.",
  });

/** Periods that CloudWatch Logs knows. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const;

const trail = z
  .strictObject({
    retentionDays: z.number().int().min(90).max(3653).default(731).meta({
      description: "Days that a log file lives in the bucket.",
    }),
    archiveAfterDays: z.number().int().min(30).max(3653).default(90).meta({
      description: "Days after which a log file moves to S3 Glacier Instant Retrieval.",
    }),
    logRetentionDays: z
      .literal(LOG_RETENTION_DAYS, {
        error: () => `must be a period that CloudWatch Logs knows; use one of ${LOG_RETENTION_DAYS.join(", ")}`,
      })
      .default(365)
      .meta({ description: "Days that events can be searched in CloudWatch Logs." }),
    objectLock: z
      .strictObject({
        mode: oneOf(
          ["governance", "compliance"],
          "governance: an administrator with s3:BypassGovernanceRetention may delete. compliance: nobody may, AWS included.",
        ),
        days: z.number().int().min(1).max(3653).meta({ description: "Days during which no log file can be deleted." }),
      })
      .optional()
      .meta({ description: "Log files can't be deleted or overwritten. Default: none." }),
  })
  .prefault({})
  .meta({ description: "The record of every API call: CloudTrail in all regions." });

export const account = z
  .strictObject({
    region: vendorId("an AWS region", /^[a-z]{2}(-[a-z]+)+-\d$/, "ap-northeast-1"),
    accountId: awsAccountId("an AWS account, 12 digits in quotes").optional(),
    roleArn: roleArn("the ARN of a role to take on in the account").optional(),
    alarm: alarmKey,
    alarmTopicArn: vendorId(
      "the ARN of an SNS topic in the account, where it is not the site's own",
      /^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
      "arn:aws:sns:ap-northeast-1:111122223333:security",
    ).optional(),
    mfa: oneOf(
      ["require", "recommend", "off"],
      "require: without MFA nothing but enrolling works. recommend: users may enrol. off: neither; a reason is needed.",
    ),
    mfaOffReason: plainText("Why MFA is off; it appears in the report.", "training account without data").optional(),
    signIn,
    users: z.record(USER_NAME, user).default({}).meta({ description: "People, by user name." }),
    identityCenter,
    trail,
  })
  .meta({ description: "An AWS account: who may do what, and the record of what was done." });

export type AccountInput = z.output<typeof account>;
