import { type Account, ownPolicyNames, permissionSetName, ROLE_POLICIES, ROLES, type Role } from "../../config/account";
import { resourceName } from "../../config/resource-names";
import type { AccountFacts, GroupFacts, Known } from "./account-facts";

const ONLY_THE_ACCOUNT: Known<never> = { isUnknown: "only the account itself can tell" };

/** As `readDirectory` names an inline policy. */
export const INLINE = "(inline)";

/** What the site file would make of an account, without a look at it. */
export function plannedFacts(site: string, account: Account): AccountFacts {
  const { identityCenter, users, signIn } = account;
  const base = resourceName(site, account.key);
  return {
    directory: {
      groups: ROLES.map((role) => plannedGroup(base, account, role)),
      users: identityCenter ? [] : users.map(({ name }) => ({ name, policies: [] })),
    },
    attachments: ONLY_THE_ACCOUNT,
    credentials: ONLY_THE_ACCOUNT,
    root: ONLY_THE_ACCOUNT,
    passwords: identityCenter ? ONLY_THE_ACCOUNT : { is: signIn },
    expiredCertificates: ONLY_THE_ACCOUNT,
    trails: ONLY_THE_ACCOUNT,
    watch: ONLY_THE_ACCOUNT,
  };
}

function plannedGroup(base: string, { users, identityCenter }: Account, role: Role): GroupFacts {
  const { name, managedPolicies, isKeptFromRecord } = ROLE_POLICIES[role];
  const { selfService, recordGuard } = ownPolicyNames(base);
  const ownPolicies = identityCenter
    ? isKeptFromRecord
      ? [INLINE]
      : []
    : isKeptFromRecord
      ? [selfService, recordGuard]
      : [selfService];
  return {
    name: identityCenter ? permissionSetName(base, role) : name,
    policies: [...managedPolicies, ...ownPolicies],
    members: users.filter(({ roles }) => roles.includes(role)).map((user) => user.name),
  };
}
