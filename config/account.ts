import type { Key } from "./values/key";

/** What people of an account may do: one IAM group, or one permission set of IAM Identity Center, each. */
export const ROLES = ["admin", "developers", "operators"] as const;
export type Role = (typeof ROLES)[number];

/** An AWS account: who may do what in it, and what is recorded. */
export interface Account {
  readonly key: Key;
  /** Home region of the trail, its log group and its alarms. */
  readonly region: string;
  /** 12 digits. Terraform refuses credentials of another account. */
  readonly accountId?: string;
  /** Role that Terraform and the commands take on in that account. */
  readonly roleArn?: string;
  /** Key of the road that alarms take. */
  readonly alarm?: Key;
  /** A topic that exists, for an account in which the roads have none. */
  readonly alarmTopicArn?: string;
  readonly mfa: "require" | "recommend" | "off";
  readonly mfaOffReason?: string;
  readonly signIn: SignIn;
  readonly users: readonly AccountUser[];
  /** Given: people come from IAM Identity Center, and no IAM user is made. */
  readonly identityCenter?: IdentityCenter;
  readonly trail: Trail;
}

export interface SignIn {
  readonly minimumLength: number;
  /** How many old ones may not be used again. */
  readonly reusePrevention: number;
  readonly maximumAgeDays?: number;
}

export interface AccountUser {
  /** The IAM user name, or the user name in IAM Identity Center. */
  readonly name: string;
  readonly roles: readonly Role[];
  readonly givenName?: string;
  readonly familyName?: string;
  readonly email?: string;
}

export interface IdentityCenter {
  /** `own`: users and groups are made in Identity Center's own directory. `external`: an identity provider brings both. */
  readonly directory: "own" | "external";
  /** Accounts, 12 digits each, that the groups are assigned to. */
  readonly accountIds: readonly string[];
  readonly sessionHours: number;
  /** Display name of each role's group in the directory. */
  readonly groups: Readonly<Record<Role, string>>;
}

export interface Trail {
  /** Whole life of a log file in the bucket. */
  readonly retentionDays: number;
  /** When a log file moves to cheaper storage. */
  readonly archiveAfterDays: number;
  /** Life of an event in CloudWatch Logs. */
  readonly logRetentionDays: number;
  readonly objectLock?: { readonly mode: "governance" | "compliance"; readonly days: number };
}

/** What a role's group may do, beside the self-service that all have: AWS's own policies, by their path. */
export interface RolePolicies {
  /** Name of the IAM group and of the permission set. */
  readonly name: "Admin" | "Developers" | "Operators";
  readonly managedPolicies: readonly string[];
  /** Whether the account's record is kept from it. */
  readonly isKeptFromRecord: boolean;
}

/**
 * AWS split its billing permission `aws-portal:ViewBilling` into many in 2023; AWSBillingReadOnlyAccess is what holds them.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/PowerUserAccess.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/ReadOnlyAccess.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBillingReadOnlyAccess.html
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/migrate-granularaccess-whatis.html
 */
export const ROLE_POLICIES: Readonly<Record<Role, RolePolicies>> = {
  admin: { name: "Admin", managedPolicies: ["AdministratorAccess"], isKeptFromRecord: false },
  developers: { name: "Developers", managedPolicies: ["PowerUserAccess"], isKeptFromRecord: true },
  operators: {
    name: "Operators",
    managedPolicies: ["ReadOnlyAccess", "AWSBillingReadOnlyAccess"],
    isKeptFromRecord: true,
  },
};

/**
 * Names of the policies that are made beside AWS's own.
 * @param base site and account, as `resourceName` joins them
 */
export function ownPolicyNames(base: string): { readonly selfService: string; readonly recordGuard: string } {
  return { selfService: `${base}-self-service`, recordGuard: `${base}-record-guard` };
}

export function permissionSetName(base: string, role: Role): string {
  return `${base}-${role}`;
}

export function accountStackName(account: Pick<Account, "key">): string {
  return `account-${account.key}`;
}
