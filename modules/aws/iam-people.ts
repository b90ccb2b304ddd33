import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamAccountPasswordPolicy } from "@cdktf/provider-aws/lib/iam-account-password-policy";
import { IamGroup } from "@cdktf/provider-aws/lib/iam-group";
import { IamGroupMembership } from "@cdktf/provider-aws/lib/iam-group-membership";
import { IamGroupPoliciesExclusive } from "@cdktf/provider-aws/lib/iam-group-policies-exclusive";
import { IamGroupPolicyAttachmentsExclusive } from "@cdktf/provider-aws/lib/iam-group-policy-attachments-exclusive";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user";
import { IamUserPoliciesExclusive } from "@cdktf/provider-aws/lib/iam-user-policies-exclusive";
import { IamUserPolicyAttachmentsExclusive } from "@cdktf/provider-aws/lib/iam-user-policy-attachments-exclusive";
import { Construct } from "constructs";
import { accountId, partition } from "./account";
import { recordGuardStatements } from "./record-guard";
import { selfServiceStatements } from "./self-service-policy";

export interface AwsIamPeopleProps {
  /** What the names of memberships begin with, and of the alarms that some groups are kept from. */
  readonly name: string;
  readonly policyNames: { readonly selfService: string; readonly recordGuard: string };
  readonly mfa: "require" | "recommend" | "off";
  /** The record that some groups are kept from. */
  readonly trail: { readonly name: string; readonly region: string };
  readonly passwords: AwsPasswordRules;
  readonly groups: readonly AwsPeopleGroup[];
  /** User names. Each is in a group. */
  readonly users: readonly string[];
}

export interface AwsPasswordRules {
  readonly minimumLength: number;
  readonly reusePrevention: number;
  /** @default - passwords don't age */
  readonly maximumAgeDays?: number;
}

export interface AwsPeopleGroup {
  readonly name: string;
  /** Names of AWS's own policies. */
  readonly managedPolicies: readonly string[];
  readonly isKeptFromRecord: boolean;
  readonly members: readonly string[];
}

/**
 * Groups, and people in them. Whatever else is attached to a group or a person by hand is detached by the next apply. Neither
 * passwords nor keys are made here: Terraform would keep them in its state.
 */
export class AwsIamPeople extends Construct {
  constructor(scope: Construct, id: string, props: AwsIamPeopleProps) {
    super(scope, id);
    this.makePasswordPolicy(props.passwords);
    const selfService = this.makeSelfServicePolicy(props);
    const recordGuard = this.makeRecordGuard(props);
    const users = new Map(props.users.map((name) => [name, this.makeUser(name)]));
    for (const group of props.groups) {
      this.makeGroup(props.name, group, group.isKeptFromRecord ? [selfService, recordGuard] : [selfService], users);
    }
  }

  private makePasswordPolicy({ minimumLength, reusePrevention, maximumAgeDays }: AwsPasswordRules): void {
    new IamAccountPasswordPolicy(this, "password-policy", {
      minimumPasswordLength: minimumLength,
      passwordReusePrevention: reusePrevention,
      maxPasswordAge: maximumAgeDays,
      requireLowercaseCharacters: true,
      requireUppercaseCharacters: true,
      requireNumbers: true,
      requireSymbols: true,
      allowUsersToChangePassword: true,
      // Who comes back late changes the password; with a hard expiry an administrator would have to.
      hardExpiry: false,
    });
  }

  private makeSelfServicePolicy({ policyNames, mfa }: AwsIamPeopleProps): IamPolicy {
    const document = new DataAwsIamPolicyDocument(this, "self-service", {
      statement: selfServiceStatements({ partition: partition(this), accountId: accountId(this), mfa }),
    });
    return new IamPolicy(this, "self-service-policy", {
      name: policyNames.selfService,
      description: `A person's own password, access keys and MFA devices (MFA: ${mfa})`,
      policy: document.json,
    });
  }

  private makeRecordGuard({ name, policyNames, trail }: AwsIamPeopleProps): IamPolicy {
    const document = new DataAwsIamPolicyDocument(this, "record-guard", {
      statement: recordGuardStatements({
        partition: partition(this),
        accountId: accountId(this),
        region: trail.region,
        trailName: trail.name,
        alarmPrefix: name,
      }),
    });
    return new IamPolicy(this, "record-guard-policy", {
      name: policyNames.recordGuard,
      description: "Keeps the record of the account from those who work in it",
      policy: document.json,
    });
  }

  private makeUser(name: string): IamUser {
    // Keys, devices and the password are made outside of Terraform: without this a person could not be removed.
    const user = new IamUser(this, `user-${name}`, { name, forceDestroy: true });
    new IamUserPoliciesExclusive(this, `no-inline-policy-of-${name}`, { userName: user.name, policyNames: [] });
    new IamUserPolicyAttachmentsExclusive(this, `no-policy-of-${name}`, { userName: user.name, policyArns: [] });
    return user;
  }

  private makeGroup(
    name: string,
    { name: groupName, managedPolicies, members }: AwsPeopleGroup,
    ownPolicies: readonly IamPolicy[],
    users: ReadonlyMap<string, IamUser>,
  ): void {
    const group = new IamGroup(this, `group-${groupName}`, { name: groupName });
    new IamGroupPolicyAttachmentsExclusive(this, `policies-of-${groupName}`, {
      groupName: group.name,
      policyArns: [
        ...managedPolicies.map((policy) => `arn:${partition(this)}:iam::aws:policy/${policy}`),
        ...ownPolicies.map(({ arn }) => arn),
      ],
    });
    new IamGroupPoliciesExclusive(this, `no-inline-policy-of-${groupName}`, { groupName: group.name, policyNames: [] });
    new IamGroupMembership(this, `members-of-${groupName}`, {
      name: `${name}-${groupName}`,
      group: group.name,
      users: members.map((member) => users.get(member)?.name ?? member),
    });
  }
}
