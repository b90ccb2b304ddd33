import {
  type AttachedPolicy,
  type GetAccountAuthorizationDetailsResponse,
  type GroupDetail,
  type IAMClient,
  type ManagedPolicyDetail,
  type PolicyDetail,
  paginateGetAccountAuthorizationDetails,
  type RoleDetail,
  type UserDetail,
} from "@aws-sdk/client-iam";
import type { Attachments, Directory, GroupFacts } from "../account/account-facts";
import { INLINE } from "../account/planned-facts";
import { ask } from "./ask";

export interface Read {
  readonly directory: Directory;
  readonly attachments: Attachments;
}

/** Users, groups, roles and the account's own policies: one question for a hundred of them. */
export async function readDirectory(client: IAMClient, hasIdentityCenter: boolean): Promise<Read> {
  const pages = await ask("iam:GetAccountAuthorizationDetails", async () => {
    const all: GetAccountAuthorizationDetailsResponse[] = [];
    for await (const page of paginateGetAccountAuthorizationDetails(
      { client },
      { Filter: ["User", "Group", "Role", "LocalManagedPolicy"], MaxItems: 1000 },
    )) {
      all.push(page);
    }
    return all;
  });
  const users = byName(
    pages.flatMap(({ UserDetailList = [] }) => UserDetailList),
    ({ UserName = "" }) => UserName,
  );
  const groups = byName(
    pages.flatMap(({ GroupDetailList = [] }) => GroupDetailList),
    ({ GroupName = "" }) => GroupName,
  );
  const roles = byName(
    pages.flatMap(({ RoleDetailList = [] }) => RoleDetailList),
    ({ RoleName = "" }) => RoleName,
  );
  const holders = [
    ...users.map((user) => holder("user", user.UserName, user.AttachedManagedPolicies, user.UserPolicyList)),
    ...groups.map((group) => holder("group", group.GroupName, group.AttachedManagedPolicies, group.GroupPolicyList)),
    ...roles.map((role) => holder("role", role.RoleName, role.AttachedManagedPolicies, role.RolePolicyList)),
  ];
  return {
    directory: {
      groups: hasIdentityCenter ? roles.flatMap(toPermissionSet) : groups.map((group) => toGroup(group, users)),
      users: users.map((user) => ({
        name: user.UserName ?? "",
        policies: [...namesOf(user.AttachedManagedPolicies), ...inlineOf(user.UserPolicyList)],
      })),
    },
    attachments: {
      fullPolicies: [
        ...pages.flatMap(({ Policies = [] }) => Policies).flatMap(fullManagedPolicy),
        ...holders.filter(({ isFullInline }) => isFullInline).map(({ name }) => `a policy inside ${name}`),
      ].sort(),
      supportHolders: holders.filter(({ policies }) => policies.includes("AWSSupportAccess")).map(({ name }) => name),
      cloudShellHolders: holders
        .filter(({ policies }) => policies.includes("AWSCloudShellFullAccess"))
        .map(({ name }) => name),
    },
  };
}

function toGroup(
  { GroupName = "", AttachedManagedPolicies, GroupPolicyList }: GroupDetail,
  users: readonly UserDetail[],
): GroupFacts {
  return {
    name: GroupName,
    policies: [...namesOf(AttachedManagedPolicies), ...inlineOf(GroupPolicyList)],
    members: users.filter(({ GroupList = [] }) => GroupList.includes(GroupName)).map(({ UserName = "" }) => UserName),
  };
}

/**
 * A permission set is a role in each account that it is assigned in.
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
function toPermissionSet({ Path, RoleName = "", AttachedManagedPolicies, RolePolicyList }: RoleDetail): GroupFacts[] {
  const name = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(RoleName)?.[1];
  if (!Path?.startsWith("/aws-reserved/sso.amazonaws.com/") || name === undefined) return [];
  return [{ name, policies: [...namesOf(AttachedManagedPolicies), ...inlineOf(RolePolicyList)], members: [] }];
}

interface Holder {
  readonly name: string;
  readonly policies: readonly string[];
  readonly isFullInline: boolean;
}

function holder(kind: string, name = "", attached?: AttachedPolicy[], inline: PolicyDetail[] = []): Holder {
  return {
    name: `${kind} ${name}`,
    policies: namesOf(attached),
    isFullInline: inline.some(({ PolicyDocument }) => isFull(PolicyDocument)),
  };
}

function fullManagedPolicy({ PolicyName, AttachmentCount = 0, PolicyVersionList = [] }: ManagedPolicyDetail): string[] {
  const current = PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion);
  return AttachmentCount > 0 && isFull(current?.Document) ? [`policy ${PolicyName}`] : [];
}

/** @param document as IAM gives it: JSON, percent-encoded */
function isFull(document: string | undefined): boolean {
  if (document === undefined) return false;
  const text = document.startsWith("%7B") ? decodeURIComponent(document) : document;
  const { Statement = [] } = JSON.parse(text) as { Statement?: PolicyStatement | PolicyStatement[] };
  return [Statement]
    .flat()
    .some(
      ({ Effect, Action = [], Resource = [], Condition }) =>
        Effect === "Allow" &&
        Condition === undefined &&
        [Action].flat().some((action) => action === "*" || action === "*:*") &&
        [Resource].flat().includes("*"),
    );
}

interface PolicyStatement {
  readonly Effect?: string;
  readonly Action?: string | string[];
  readonly Resource?: string | string[];
  readonly Condition?: object;
}

function namesOf(attached: readonly AttachedPolicy[] = []): string[] {
  return attached.map(({ PolicyName = "" }) => PolicyName).sort();
}

function inlineOf(inline: readonly PolicyDetail[] = []): string[] {
  return inline.length === 0 ? [] : [INLINE];
}

function byName<T>(all: readonly T[], nameOf: (one: T) => string): T[] {
  return [...all].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
