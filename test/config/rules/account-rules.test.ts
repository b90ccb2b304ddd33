import { describe, expect, it } from "@jest/globals";
import { parseSite } from "../../../config/parse-site";
import { siteWarnings } from "../../../config/warnings";
import { refusal, refusalOf, WHOLE_SITE } from "../../helpers/whole-site";

const FIRST_LINE = WHOLE_SITE.split("\n").length;

/** A sound site with these accounts; problems are told by the line within `text`, which begins with 1. */
const withAccounts = (text: string): string => `${WHOLE_SITE}accounts:\n${text}\n`;
const line = (number: number): string => `(line ${FIRST_LINE + number})`;

const SOUND = "  main: { region: ap-northeast-1, mfa: require }";

/** The section's lines, and the problems that they make (none: they are taken). */
const CASES: readonly (readonly [name: string, accounts: string, ...problems: string[]])[] = [
  ["an account with nothing but its region and MFA", SOUND],
  ["no word about MFA", "  main:\n    region: ap-northeast-1", `accounts.main.mfa: is required; add it ${line(1)}`],
  [
    "a choice that does not exist",
    "  main:\n    region: ap-northeast-1\n    mfa: maybe",
    `accounts.main.mfa: must be one of require, recommend, off, got "maybe"; use for example require ${line(3)}`,
  ],
  [
    "MFA off without a reason",
    "  main:\n    region: ap-northeast-1\n    mfa: off",
    `accounts.main.mfaOffReason: is required where mfa is off; say why nobody needs a second factor, or use mfa: require ${line(1)}`,
  ],
  ["MFA off with a reason", "  main: { region: ap-northeast-1, mfa: off, mfaOffReason: no data in it }"],
  [
    "a reason for what is not off",
    "  main:\n    region: ap-northeast-1\n    mfa: require\n    mfaOffReason: none",
    `accounts.main.mfaOffReason: must not be given where mfa is require, got "none"; remove it ${line(4)}`,
  ],
  [
    "an alarm that is not in the file",
    "  main:\n    region: ap-northeast-1\n    mfa: require\n    alarm: noc",
    `accounts.main.alarm: must name an alarm of this file, got "noc"; remove it ${line(4)}`,
  ],
  [
    "a topic of another region",
    "  main:\n    region: ap-northeast-1\n    mfa: require\n    alarmTopicArn: arn:aws:sns:us-east-1:111122223333:x",
    `accounts.main.alarmTopicArn: must be a topic in ap-northeast-1, got "arn:aws:sns:us-east-1:111122223333:x"; name a topic beside the trail ${line(4)}`,
  ],
  [
    "a role of another account",
    '  main:\n    region: ap-northeast-1\n    mfa: require\n    accountId: "111122223333"\n    roleArn: arn:aws:iam::444455556666:role/x',
    `accounts.main.roleArn: must be a role of account 111122223333, got "arn:aws:iam::444455556666:role/x"; correct one of accountId and roleArn ${line(5)}`,
  ],
  [
    "an account number without quotes",
    "  main:\n    region: ap-northeast-1\n    mfa: require\n    accountId: 111122223333",
    `accounts.main.accountId: must be text, got 111122223333; put it in quotes, as in "\\"111122223333\\"" ${line(4)}`,
  ],
  [
    "two entries for one account",
    '  one: { region: ap-northeast-1, mfa: require, accountId: "111122223333" }\n  two: { region: ap-northeast-1, mfa: require, accountId: "111122223333" }',
    `accounts.two: must not be the account of accounts.one, got "111122223333"; merge the two ${line(2)}`,
  ],
  [
    "several accounts of which one is nameless",
    '  one: { region: ap-northeast-1, mfa: require, accountId: "111122223333" }\n  two: { region: ap-northeast-1, mfa: require }',
    `accounts.two.accountId: is required where there are several accounts; add the account's 12 digits, in quotes ${line(2)}`,
  ],
  [
    "names that only capital letters tell apart, and a person without a group",
    "  main:\n    region: ap-northeast-1\n    mfa: require\n    users:\n      hanako: { roles: [admin] }\n      Hanako: { roles: [operators] }\n      taro: { roles: [] }",
    `accounts.main.users.taro.roles: must have at least 1 entry; add what is missing ${line(7)}`,
  ],
  [
    "names that only capital letters tell apart",
    "  main:\n    region: ap-northeast-1\n    mfa: require\n    users:\n      hanako: { roles: [admin] }\n      Hanako: { roles: [operators] }",
    `accounts.main.users.Hanako: must differ from hanako in more than capital letters: IAM takes them for one; rename one ${line(6)}`,
  ],
  [
    "an administrator who is also a developer, and a role named twice",
    "  main:\n    region: ap-northeast-1\n    mfa: require\n    users:\n      hanako: { roles: [admin, developers] }\n      taro: { roles: [operators, operators] }",
    `accounts.main.users.hanako.roles: must be admin alone: an administrator has what the others have, and they are kept from the record; remove the others, or give the person a second user for daily work ${line(5)}`,
    `accounts.main.users.taro.roles: must name operators once; remove the second one ${line(6)}`,
  ],
  [
    "a user name that a shell or IAM would take for something else",
    '  main:\n    region: ap-northeast-1\n    mfa: require\n    users:\n      "a$(reboot)": { roles: [admin] }',
    `accounts.main.users."a$(reboot)": must be an IAM user name: up to 64 letters, digits and + = , . @ _ -; use for example hanako.yamada ${line(5)}`,
  ],
  [
    "an address for an IAM user",
    "  main:\n    region: ap-northeast-1\n    mfa: require\n    users:\n      hanako: { roles: [admin], email: h@example.ac.jp }",
    `accounts.main.users.hanako.email: must not be given without identityCenter: IAM does not keep it; remove it ${line(5)}`,
  ],
  [
    "a person of Identity Center without a name",
    '  main:\n    region: ap-northeast-1\n    mfa: require\n    identityCenter: { directory: own, accountIds: ["111122223333"] }\n    users:\n      hanako: { roles: [admin], email: h@example.ac.jp }',
    `accounts.main.users.hanako.givenName: is required with identityCenter; add the person's givenName ${line(6)}`,
    `accounts.main.users.hanako.familyName: is required with identityCenter; add the person's familyName ${line(6)}`,
  ],
  [
    "people of a directory that is somebody else's",
    '  main:\n    region: ap-northeast-1\n    mfa: require\n    identityCenter: { directory: external, accountIds: ["111122223333"] }\n    users: { hanako: { roles: [admin] } }',
    `accounts.main.users: must not be given where identityCenter.directory is external: the identity provider has them; remove them, or use directory: own ${line(5)}`,
  ],
  [
    "files that are archived after their end, and locked beyond it",
    "  main:\n    region: ap-northeast-1\n    mfa: require\n    trail:\n      retentionDays: 90\n      archiveAfterDays: 90\n      objectLock: { mode: compliance, days: 91 }",
    `accounts.main.trail.archiveAfterDays: must be less than retentionDays (90), got 90; archive earlier or keep longer ${line(6)}`,
    `accounts.main.trail.objectLock.days: must be at most retentionDays (90): a locked file can't be deleted when its life ends, got 91; lock shorter or keep longer ${line(7)}`,
  ],
  [
    "a name that an S3 bucket can't have",
    `  ${"a".repeat(33)}: { region: ap-northeast-1, mfa: require }`,
    `accounts.${"a".repeat(33)}: must make names of at most 37 characters (an S3 bucket, with its suffix), got "demo-${"a".repeat(33)}"; use a shorter key or site name ${line(1)}`,
  ],
  ["the longest name that fits", `  ${"a".repeat(32)}: { region: ap-northeast-1, mfa: require }`],
];

describe("accounts", () => {
  it.each(CASES)("%s", (_, accounts, ...problems) => {
    expect(refusal(withAccounts(accounts))).toBe(refusalOf(problems));
  });
});

describe("warnings about accounts", () => {
  const warnings = (accounts: string): string[] =>
    siteWarnings(parseSite(withAccounts(accounts), "site.yaml"))
      .filter(({ path }) => path[0] === "accounts")
      .map(({ path, text, why }) => `${path.join(".")}: ${text}; ${why}`);

  it("tells of alarms that nobody hears", () => {
    expect(warnings(SOUND)).toEqual([
      "accounts.main: has alarms that tell nobody; name a road by alarm: CIS asks for one that is read",
    ]);
  });

  it("tells of MFA that is off, with its reason, and of a lone administrator", () => {
    const topic = "alarmTopicArn: arn:aws:sns:ap-northeast-1:111122223333:x";
    const off = `  main: { region: ap-northeast-1, mfa: off, mfaOffReason: no data in it, ${topic}, users: { hanako: { roles: [admin] } } }`;
    expect(warnings(off)).toEqual([
      "accounts.main.mfa: is off (no data in it); a password alone opens the account",
      "accounts.main.users: have one administrator; who loses the second factor then needs the root user; name a second one",
    ]);
  });
});
