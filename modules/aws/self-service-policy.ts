import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";

export interface SelfServiceProps {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly accountId: string;
  readonly mfa: "require" | "recommend" | "off";
}

/** `&{…}` is how a Terraform policy document writes IAM's own variables. */
const SELF = "&{aws:username}";

const WITH_MFA = { test: "Bool", variable: "aws:MultiFactorAuthPresent", values: ["true"] };

/**
 * What works without MFA: enrolling, and the change of the first password, without which nobody could sign in at all.
 * ChangePassword asks for the old one. GetSessionToken is how the owner of an access key shows a second factor.
 */
const ALLOWED_WITHOUT_MFA = [
  "iam:ChangePassword",
  "iam:CreateVirtualMFADevice",
  "iam:EnableMFADevice",
  "iam:GetAccountPasswordPolicy",
  "iam:GetMFADevice",
  "iam:GetUser",
  "iam:ListMFADevices",
  "iam:ListVirtualMFADevices",
  "iam:ResyncMFADevice",
  "sts:GetSessionToken",
];

/**
 * What every person may do with their own user, and what nobody may do without MFA.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
 */
export function selfServiceStatements(props: SelfServiceProps): DataAwsIamPolicyDocumentStatement[] {
  const own = `arn:${props.partition}:iam::${props.accountId}`;
  const base: DataAwsIamPolicyDocumentStatement[] = [
    // These two know no finer resource.
    {
      sid: "SeeThePasswordRules",
      actions: ["iam:GetAccountPasswordPolicy", "iam:GetAccountSummary"],
      resources: ["*"],
    },
    {
      sid: "ChangeOwnPassword",
      actions: ["iam:ChangePassword", "iam:GetLoginProfile", "iam:GetUser"],
      resources: [`${own}:user/${SELF}`],
    },
    {
      sid: "ManageOwnAccessKeys",
      actions: [
        "iam:CreateAccessKey",
        "iam:DeleteAccessKey",
        "iam:GetAccessKeyLastUsed",
        "iam:ListAccessKeys",
        "iam:UpdateAccessKey",
      ],
      resources: [`${own}:user/${SELF}`],
      ...(props.mfa === "off" ? {} : { condition: [WITH_MFA] }),
    },
  ];
  return [...base, ...(props.mfa === "off" ? [] : enrolStatements(own)), ...(props.mfa === "require" ? DENIALS : [])];
}

function enrolStatements(own: string): DataAwsIamPolicyDocumentStatement[] {
  return [
    { sid: "SeeMfaDevices", actions: ["iam:ListVirtualMFADevices"], resources: ["*"] },
    // A device may have any name; only EnableMFADevice makes it somebody's.
    { sid: "MakeMfaDevice", actions: ["iam:CreateVirtualMFADevice"], resources: [`${own}:mfa/*`] },
    {
      sid: "EnrolOwnMfaDevice",
      actions: ["iam:EnableMFADevice", "iam:GetMFADevice", "iam:ListMFADevices", "iam:ResyncMFADevice"],
      resources: [`${own}:user/${SELF}`],
    },
    {
      sid: "RemoveOwnMfaDevice",
      actions: ["iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice"],
      resources: [`${own}:user/${SELF}`, `${own}:mfa/${SELF}*`],
      condition: [WITH_MFA],
    },
  ];
}

/**
 * A console session always carries `aws:MultiFactorAuthPresent`; a request signed with an access key never does. `BoolIfExists`
 * therefore refuses access keys too, and `Null` tells them from a new user in the console: a stolen key could otherwise enrol
 * a second factor of the thief's own, and pass with it. What a service does on behalf of a request that passed, passes.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
 * @see https://repost.aws/knowledge-center/mfa-iam-user-aws-cli
 */
const DENIALS: DataAwsIamPolicyDocumentStatement[] = [
  {
    sid: "DenyAllButEnrollingWithoutMfa",
    effect: "Deny",
    notActions: ALLOWED_WITHOUT_MFA,
    resources: ["*"],
    condition: [
      { test: "BoolIfExists", variable: "aws:MultiFactorAuthPresent", values: ["false"] },
      { test: "BoolIfExists", variable: "aws:ViaAWSService", values: ["false"] },
    ],
  },
  {
    sid: "DenyEnrollingByAccessKey",
    effect: "Deny",
    actions: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"],
    resources: ["*"],
    condition: [{ test: "Null", variable: "aws:MultiFactorAuthPresent", values: ["true"] }],
  },
];
