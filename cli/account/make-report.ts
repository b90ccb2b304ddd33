import { type Account, ROLE_POLICIES } from "../../config/account";
import { CIS_VERSION } from "../../config/cis-monitoring";
import type { AccountFacts, GroupFacts } from "./account-facts";
import { ALARMS, ALARMS_OF_OUR_OWN } from "./check-alarms";
import { PEOPLE } from "./check-people";
import { RECORD } from "./check-record";
import { compareDirectory } from "./compare-directory";
import { type Finding, toFinding } from "./finding";
import { plannedFacts } from "./planned-facts";

export interface Report {
  readonly account: Account;
  /** 12 digits. */
  readonly accountId?: string;
  readonly benchmark: string;
  readonly groups: readonly ReportGroup[];
  /** People in no group, who may do nothing. */
  readonly ungrouped: readonly ReportMember[];
  /** Where the account is not as the site file says. */
  readonly differences: readonly string[];
  readonly findings: readonly Finding[];
}

export interface ReportGroup {
  readonly name: string;
  readonly policies: readonly string[];
  readonly members: readonly ReportMember[];
}

export interface ReportMember {
  readonly name: string;
  /** What is known of how the person comes in. */
  readonly hasPassword?: boolean;
  readonly hasMfa?: boolean;
  readonly accessKeys?: number;
}

/** Lays what the benchmark asks beside what is known. */
export function makeReport(site: string, account: Account, facts: AccountFacts, now: Date, accountId?: string): Report {
  const planned = plannedFacts(site, account).directory;
  const actual = facts.directory;
  // IAM does not know who is in a directory's group.
  const groups = account.identityCenter
    ? actual.groups.map((group) => ({
        ...group,
        members: planned.groups.find(({ name }) => name === group.name)?.members ?? [],
      }))
    : actual.groups;
  const grouped = new Set(groups.flatMap(({ members }) => members));
  const canEnrol = account.mfa !== "off";
  const people = { ...facts, now, canEnrol, adminGroups: planned.groups.filter(isAdmin).map(({ name }) => name) };
  const all = [
    ...PEOPLE.map((one) => toFinding(one, people)),
    ...RECORD.map((one) => toFinding(one, facts)),
    ...[...ALARMS, ...ALARMS_OF_OUR_OWN].map((one) => toFinding(one, facts)),
  ];
  return {
    account,
    accountId: accountId ?? account.accountId,
    benchmark: CIS_VERSION,
    groups: groups.map((group) => ({ ...group, members: group.members.map((name) => toMember(name, facts)) })),
    ungrouped: actual.users.filter(({ name }) => !grouped.has(name)).map(({ name }) => toMember(name, facts)),
    differences: compareDirectory(planned, { ...actual, groups }),
    findings: all,
  };
}

function isAdmin({ policies }: GroupFacts): boolean {
  return ROLE_POLICIES.admin.managedPolicies.every((name) => policies.includes(name));
}

function toMember(name: string, { credentials }: AccountFacts): ReportMember {
  const known = "is" in credentials ? credentials.is.users.find((user) => user.name === name) : undefined;
  if (!known) return { name };
  return { name, hasPassword: known.hasPassword, hasMfa: known.hasMfa, accessKeys: known.accessKeys.length };
}

export function toJson({ account, ...report }: Report): object {
  const { key, region, mfa, mfaOffReason } = account;
  return { account: key, region, mfa, mfaOffReason, ...report };
}
