import type { AccountFacts, UserCredentials } from "./account-facts";
import { ifKnown, type Recommendation, unlessNone, type Verdict } from "./finding";

export interface PeopleFacts extends AccountFacts {
  readonly now: Date;
  /** Whether people may enrol a second factor of their own. */
  readonly canEnrol: boolean;
  /** Groups, or permission sets, that the site file gives AWS's AdministratorAccess. */
  readonly adminGroups: readonly string[];
}

const DAY_MS = 86_400_000;
/** The benchmark's periods. */
const [UNUSED_DAYS, ROTATION_DAYS, PASSWORD_LENGTH, OLD_PASSWORDS] = [45, 90, 14, 24];
/** The benchmark says "daily tasks" and no number. */
const ROOT_DAYS = 30;

/**
 * Section 1 of the benchmark, identity and access, as far as IAM's own answers decide it.
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/cis-aws-foundations-benchmark.html
 */
export const PEOPLE: readonly Recommendation<PeopleFacts>[] = [
  {
    id: "1.3",
    asks: "the root user has no access key",
    check: ({ root }) => ifKnown(root, ({ hasAccessKeys }) => (hasAccessKeys ? "it has one: delete it" : undefined)),
  },
  {
    id: "1.4",
    asks: "the root user has MFA",
    check: ({ root }) => ifKnown(root, ({ hasMfa }) => (hasMfa ? undefined : "it has none")),
  },
  {
    id: "1.5",
    asks: "the root user's MFA is hardware",
    check: ({ root }) =>
      ifKnown(root, ({ hasMfa, isMfaVirtual }) =>
        hasMfa && !isMfaVirtual ? undefined : hasMfa ? "it is an app: enrol a security key" : "it has none",
      ),
  },
  {
    id: "1.6",
    asks: "the root user is not used",
    check: ({ credentials, now }) =>
      ifKnown(credentials, ({ rootLastUsedAt }) =>
        isOlder(rootLastUsedAt, ROOT_DAYS, now) ? undefined : `it was, on ${day(rootLastUsedAt)}`,
      ),
  },
  {
    id: "1.7",
    asks: `passwords have at least ${PASSWORD_LENGTH} characters`,
    check: ({ passwords }) =>
      ifKnown(passwords, ({ minimumLength }) =>
        minimumLength >= PASSWORD_LENGTH ? undefined : `at least ${minimumLength} are asked for`,
      ),
  },
  {
    id: "1.8",
    asks: `the last ${OLD_PASSWORDS} passwords can't come back`,
    check: ({ passwords }) =>
      ifKnown(passwords, ({ reusePrevention }) =>
        reusePrevention >= OLD_PASSWORDS ? undefined : `the last ${reusePrevention} can't`,
      ),
  },
  {
    id: "1.9",
    asks: "who has a password has MFA",
    check: (facts) =>
      facts.canEnrol
        ? who(facts, ({ hasPassword, hasMfa }) => hasPassword && !hasMfa, "no MFA")
        : "nobody can enrol: mfa is off",
  },
  {
    id: "1.11",
    asks: `passwords and keys unused for ${UNUSED_DAYS} days are disabled`,
    check: (facts) => who(facts, (user) => hasUnused(user, facts.now), `unused for ${UNUSED_DAYS} days`),
  },
  {
    id: "1.12",
    asks: "nobody has two active access keys",
    check: (facts) => who(facts, ({ accessKeys }) => accessKeys.length > 1, "two"),
  },
  {
    id: "1.13",
    asks: `access keys are at most ${ROTATION_DAYS} days old`,
    check: (facts) =>
      who(
        facts,
        ({ accessKeys }) => accessKeys.some(({ madeAt }) => isOlder(madeAt, ROTATION_DAYS, facts.now)),
        "an older one",
      ),
  },
  {
    id: "1.14",
    asks: "people have their permissions from groups only",
    check: ({ directory }) =>
      unlessNone(
        directory.users.filter(({ policies }) => policies.length > 0).map(({ name }) => name),
        "a policy of their own",
      ),
  },
  {
    id: "1.15",
    asks: "nothing beside the administrators' group may do everything",
    check: ({ directory, attachments, adminGroups }) =>
      ifKnown(attachments, ({ fullPolicies }) =>
        unlessNone(
          [
            ...fullPolicies,
            ...[...directory.groups, ...directory.users]
              .filter(({ name, policies }) => isFull(policies) && !adminGroups.includes(name))
              .map(({ name }) => name),
          ],
          "everything is allowed",
        ),
      ),
  },
  {
    id: "1.16",
    asks: "somebody may open a case at AWS Support",
    check: ({ attachments }) =>
      ifKnown(attachments, ({ supportHolders }) =>
        supportHolders.length > 0 ? undefined : "AWSSupportAccess is attached to nothing",
      ),
  },
  {
    id: "1.18",
    asks: "no expired certificate is kept in IAM",
    check: ({ expiredCertificates }) => ifKnown(expiredCertificates, (names) => unlessNone(names, "expired")),
  },
  {
    id: "1.21",
    asks: "AWSCloudShellFullAccess, which carries files out, is given to nobody",
    check: ({ attachments }) =>
      ifKnown(attachments, ({ cloudShellHolders }) => unlessNone(cloudShellHolders, "it is attached")),
  },
];

function who({ credentials }: PeopleFacts, is: (user: UserCredentials) => boolean, why: string): Verdict {
  return ifKnown(credentials, ({ users }) =>
    unlessNone(
      users.filter(is).map(({ name }) => name),
      why,
    ),
  );
}

function hasUnused({ hasPassword, passwordUsedAt, accessKeys }: UserCredentials, now: Date): boolean {
  return (
    (hasPassword && isOlder(passwordUsedAt, UNUSED_DAYS, now)) ||
    accessKeys.some(({ madeAt, usedAt }) => isOlder(usedAt ?? madeAt, UNUSED_DAYS, now))
  );
}

/** What has no date has never been. */
function isOlder(date: Date | undefined, days: number, now: Date): boolean {
  return date === undefined || now.getTime() - date.getTime() > days * DAY_MS;
}

function isFull(policies: readonly string[]): boolean {
  return policies.includes("AdministratorAccess");
}

function day(date: Date | undefined): string {
  return date?.toISOString().slice(0, 10) ?? "an unknown day";
}
