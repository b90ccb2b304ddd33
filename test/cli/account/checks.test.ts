import { describe, expect, it } from "@jest/globals";
import type { AccountFacts, TrailFacts, UserCredentials } from "../../../cli/account/account-facts";
import { PEOPLE } from "../../../cli/account/check-people";
import { RECORD } from "../../../cli/account/check-record";
import { compareDirectory } from "../../../cli/account/compare-directory";
import { type Finding, toFinding } from "../../../cli/account/finding";

const NOW = new Date("2026-11-21T00:00:00Z");
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

const TRAIL: TrailFacts = {
  name: "main",
  isLogging: true,
  isMultiRegion: true,
  hasManagementEvents: true,
  isValidated: true,
  hasKey: true,
  isKeyRotated: { is: true },
  isAccessLogged: { is: true },
  logGroup: "trail",
};

const SOUND = {
  directory: {
    groups: [{ name: "Admin", policies: ["AdministratorAccess"], members: ["hanako"] }],
    users: [{ name: "hanako", policies: [] }],
  },
  attachments: { is: { fullPolicies: [], supportHolders: ["role support"], cloudShellHolders: [] } },
  credentials: { is: { users: [] } },
  root: { is: { hasAccessKeys: false, hasMfa: true, isMfaVirtual: false } },
  passwords: { is: { minimumLength: 14, reusePrevention: 24 } },
  expiredCertificates: { is: [] },
  trails: { is: [TRAIL] },
  watch: { isUnknown: "not asked" },
} satisfies AccountFacts;

const find = (facts: Partial<AccountFacts>): Finding[] => {
  const all = { ...SOUND, ...facts };
  const people = { ...all, now: NOW, canEnrol: true, adminGroups: ["Admin"] };
  return [...PEOPLE.map((one) => toFinding(one, people)), ...RECORD.map((one) => toFinding(one, all))].filter(
    ({ status }) => status !== "ok",
  );
};
const told = (facts: Partial<AccountFacts>): string[] =>
  find(facts).map(({ id, status, found }) => `${id} ${status}: ${found}`);

const person = (of: Partial<UserCredentials>): Partial<AccountFacts> => ({
  credentials: {
    is: { users: [{ name: "hanako", hasPassword: true, hasMfa: true, passwordUsedAt: NOW, accessKeys: [], ...of }] },
  },
});

describe("what the benchmark asks of an account", () => {
  it("says nothing of a sound one", () => {
    expect(told({})).toEqual([]);
  });

  it.each<[name: string, facts: Partial<AccountFacts>, ...told: string[]]>([
    [
      "root keys, and an app as its MFA",
      { root: { is: { hasAccessKeys: true, hasMfa: true, isMfaVirtual: true } } },
      "1.3 missing: it has one: delete it",
      "1.5 missing: it is an app: enrol a security key",
    ],
    [
      "a root user without MFA",
      { root: { is: { hasAccessKeys: false, hasMfa: false, isMfaVirtual: false } } },
      "1.4 missing: it has none",
      "1.5 missing: it has none",
    ],
    [
      "a root user that was used 30 days ago",
      { credentials: { is: { rootLastUsedAt: daysAgo(30), users: [] } } },
      "1.6 missing: it was, on 2026-10-22",
    ],
    ["a root user that was used 31 days ago", { credentials: { is: { rootLastUsedAt: daysAgo(31), users: [] } } }],
    [
      "short passwords that come back",
      { passwords: { is: { minimumLength: 13, reusePrevention: 23 } } },
      "1.7 missing: at least 13 are asked for",
      "1.8 missing: the last 23 can't",
    ],
    ["a password without MFA", person({ hasMfa: false }), "1.9 missing: hanako: no MFA"],
    ["no password and no MFA", person({ hasPassword: false, hasMfa: false })],
    ["a password unused for 45 days", person({ passwordUsedAt: daysAgo(45) })],
    ["one for 46", person({ passwordUsedAt: daysAgo(46) }), "1.11 missing: hanako: unused for 45 days"],
    ["a key of 90 days, used today", person({ accessKeys: [{ madeAt: daysAgo(90), usedAt: NOW }] })],
    ["one of 91", person({ accessKeys: [{ madeAt: daysAgo(91), usedAt: NOW }] }), "1.13 missing: hanako: an older one"],
    [
      "a key of 46 days that was never used",
      person({ accessKeys: [{ madeAt: daysAgo(46) }] }),
      "1.11 missing: hanako: unused for 45 days",
    ],
    [
      "two keys",
      person({
        accessKeys: [
          { madeAt: NOW, usedAt: NOW },
          { madeAt: NOW, usedAt: NOW },
        ],
      }),
      "1.12 missing: hanako: two",
    ],
    [
      "a policy on a person, and everything allowed beside the administrators",
      {
        directory: {
          groups: [{ name: "Ops", policies: ["AdministratorAccess"], members: [] }],
          users: [{ name: "hanako", policies: ["AdministratorAccess"] }],
        },
        attachments: { is: { ...SOUND.attachments.is, fullPolicies: ["policy all"] } },
      },
      "1.14 missing: hanako: a policy of their own",
      "1.15 missing: policy all, Ops, hanako: everything is allowed",
    ],
    [
      "nobody for support, and files carried out",
      { attachments: { is: { fullPolicies: [], supportHolders: [], cloudShellHolders: ["group Ops"] } } },
      "1.16 missing: AWSSupportAccess is attached to nothing",
      "1.21 missing: group Ops: it is attached",
    ],
    ["an expired certificate", { expiredCertificates: { is: ["old"] } }, "1.18 missing: old: expired"],
    [
      "no trail",
      { trails: { is: [] } },
      "3.1 missing: there is no trail",
      "3.2 missing: there is no trail",
      "3.4 missing: there is no trail",
      "3.5 missing: there is no trail",
      "3.6 missing: there is no trail",
    ],
    [
      "a trail of one region",
      { trails: { is: [{ ...TRAIL, isMultiRegion: false }] } },
      "3.1 missing: trail main records one region only",
    ],
    [
      "a trail of data events",
      { trails: { is: [{ ...TRAIL, hasManagementEvents: false }] } },
      "3.1 missing: trail main leaves out management events",
    ],
    [
      "a plain second trail beside a whole one",
      {
        trails: {
          is: [
            TRAIL,
            {
              ...TRAIL,
              name: "old",
              isMultiRegion: false,
              isValidated: false,
              hasKey: false,
              isKeyRotated: { is: false },
            },
          ],
        },
      },
      "3.2 missing: trail old: they are not signed",
      "3.5 missing: trail old: no key",
      "3.6 missing: trail old: no key, or one that is not rotated",
    ],
    [
      "a bucket that these credentials may not look at",
      {
        trails: { is: [{ ...TRAIL, isAccessLogged: { isUnknown: "these credentials may not s3:GetBucketLogging" } }] },
      },
      "3.4 unknown: these credentials may not s3:GetBucketLogging",
    ],
    [
      "IAM's summary withheld",
      { root: { isUnknown: "these credentials may not iam:GetAccountSummary" } },
      "1.3 unknown: these credentials may not iam:GetAccountSummary",
      "1.4 unknown: these credentials may not iam:GetAccountSummary",
      "1.5 unknown: these credentials may not iam:GetAccountSummary",
    ],
  ])("%s", (_, facts, ...expected) => {
    expect(told(facts)).toEqual(expected);
  });
});

describe("an account beside its file", () => {
  const group = (name: string, policies: string[], members: string[]) => ({ name, policies, members });

  it("tells every difference once, in a steady order", () => {
    const planned = {
      groups: [group("Admin", ["A"], ["hanako"]), group("Ops", ["R", "B"], ["taro"])],
      users: [
        { name: "hanako", policies: [] },
        { name: "taro", policies: [] },
      ],
    };
    const actual = {
      groups: [group("Ops", ["R", "S3"], ["jiro"]), group("Guests", [], [])],
      users: [
        { name: "jiro", policies: [] },
        { name: "hanako", policies: [] },
      ],
    };
    expect(compareDirectory(planned, actual)).toEqual([
      "group Admin is not there",
      "group Ops has S3 beside its policies",
      "group Ops lacks B",
      "jiro is in group Ops",
      "taro is not in group Ops",
      "user taro is not there",
      "user jiro is not in the site file",
    ]);
    expect(compareDirectory(planned, planned)).toEqual([]);
  });
});
