import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DataAwsIdentitystoreGroup } from "@cdktf/provider-aws/lib/data-aws-identitystore-group";
import { DataAwsSsoadminInstances } from "@cdktf/provider-aws/lib/data-aws-ssoadmin-instances";
import { IdentitystoreGroup } from "@cdktf/provider-aws/lib/identitystore-group";
import { IdentitystoreGroupMembership } from "@cdktf/provider-aws/lib/identitystore-group-membership";
import { IdentitystoreUser } from "@cdktf/provider-aws/lib/identitystore-user";
import { SsoadminAccountAssignment } from "@cdktf/provider-aws/lib/ssoadmin-account-assignment";
import { SsoadminManagedPolicyAttachment } from "@cdktf/provider-aws/lib/ssoadmin-managed-policy-attachment";
import { SsoadminPermissionSet } from "@cdktf/provider-aws/lib/ssoadmin-permission-set";
import { SsoadminPermissionSetInlinePolicy } from "@cdktf/provider-aws/lib/ssoadmin-permission-set-inline-policy";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { accountId, partition } from "./account";
import { recordGuardStatements } from "./record-guard";

export interface AwsIdentityCenterProps {
  /** What the names of the alarms begin with that some groups are kept from. */
  readonly name: string;
  /** `own`: users and groups are made. `external`: the groups are looked up; an identity provider brings the people. */
  readonly directory: "own" | "external";
  readonly accountIds: readonly string[];
  /** The record of this account, which some groups are kept from. */
  readonly trail: { readonly name: string; readonly region: string };
  /** 1 to 12. */
  readonly sessionHours: number;
  readonly groups: readonly AwsDirectoryGroup[];
  readonly users: readonly AwsDirectoryUser[];
}

export interface AwsDirectoryGroup {
  /** Tells the groups apart in the stack. */
  readonly role: string;
  readonly permissionSetName: string;
  /** The group's name in the directory. */
  readonly displayName: string;
  readonly managedPolicies: readonly string[];
  readonly isKeptFromRecord: boolean;
  /** User names. */
  readonly members: readonly string[];
}

export interface AwsDirectoryUser {
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
}

/** Permission sets, groups and their assignment to accounts, in the one instance of IAM Identity Center of the provider's region. */
export class AwsIdentityCenter extends Construct {
  private readonly instanceArn: string;
  private readonly identityStoreId: string;

  constructor(scope: Construct, id: string, props: AwsIdentityCenterProps) {
    super(scope, id);
    const instances = new DataAwsSsoadminInstances(this, "instances");
    this.instanceArn = Fn.element(instances.arns, 0);
    this.identityStoreId = Fn.element(instances.identityStoreIds, 0);
    const userIds = new Map(props.users.map((user) => [user.name, this.makeUser(user)]));
    for (const group of props.groups) {
      const groupId = props.directory === "own" ? this.makeGroup(group, userIds) : this.findGroup(group);
      const permissionSetArn = this.makePermissionSet(props, group);
      for (const account of props.accountIds) this.assign(group.role, account, permissionSetArn, groupId);
    }
  }

  private makeUser({ name, givenName, familyName, email }: AwsDirectoryUser): string {
    return new IdentitystoreUser(this, `user-${name}`, {
      identityStoreId: this.identityStoreId,
      userName: name,
      displayName: `${givenName} ${familyName}`,
      name: { givenName, familyName },
      emails: { value: email, primary: true },
    }).userId;
  }

  private makeGroup({ role, displayName, members }: AwsDirectoryGroup, userIds: ReadonlyMap<string, string>): string {
    const { identityStoreId } = this;
    const { groupId } = new IdentitystoreGroup(this, `group-${role}`, { identityStoreId, displayName });
    for (const member of members) {
      const memberId = userIds.get(member);
      if (memberId === undefined) throw new Error(`no user ${member}`);
      new IdentitystoreGroupMembership(this, `member-${role}-${member}`, { identityStoreId, groupId, memberId });
    }
    return groupId;
  }

  private findGroup({ role, displayName }: AwsDirectoryGroup): string {
    return new DataAwsIdentitystoreGroup(this, `group-${role}`, {
      identityStoreId: this.identityStoreId,
      alternateIdentifier: { uniqueAttribute: { attributePath: "DisplayName", attributeValue: displayName } },
    }).groupId;
  }

  private makePermissionSet(
    { name, sessionHours, trail }: AwsIdentityCenterProps,
    { role, permissionSetName, managedPolicies, isKeptFromRecord }: AwsDirectoryGroup,
  ): string {
    const { instanceArn } = this;
    const set = new SsoadminPermissionSet(this, `permission-set-${role}`, {
      instanceArn,
      name: permissionSetName,
      sessionDuration: `PT${sessionHours}H`,
    });
    for (const policy of managedPolicies) {
      new SsoadminManagedPolicyAttachment(this, `policy-${role}-${policy}`, {
        instanceArn,
        permissionSetArn: set.arn,
        managedPolicyArn: `arn:${partition(this)}:iam::aws:policy/${policy}`,
      });
    }
    if (isKeptFromRecord) {
      const document = new DataAwsIamPolicyDocument(this, `record-guard-${role}`, {
        statement: recordGuardStatements({
          partition: partition(this),
          accountId: accountId(this),
          region: trail.region,
          trailName: trail.name,
          alarmPrefix: name,
        }),
      });
      new SsoadminPermissionSetInlinePolicy(this, `record-guard-of-${role}`, {
        instanceArn,
        permissionSetArn: set.arn,
        inlinePolicy: document.json,
      });
    }
    return set.arn;
  }

  private assign(role: string, account: string, permissionSetArn: string, groupId: string): void {
    new SsoadminAccountAssignment(this, `assignment-${role}-${account}`, {
      instanceArn: this.instanceArn,
      permissionSetArn,
      principalId: groupId,
      principalType: "GROUP",
      targetId: account,
      targetType: "AWS_ACCOUNT",
    });
  }
}
