import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { runCli } from "../../helpers/run-cli";
import { useFolder } from "../../helpers/use-folder";
import { WHOLE_SITE } from "../../helpers/whole-site";

const folder = useFolder();

const ONE = `  main:
    region: ap-northeast-1
    mfa: off
    mfaOffReason: training account
    signIn: { minimumLength: 10, reusePrevention: 5 }
    users:
      hanako: { roles: [admin] }
      taro: { roles: [developers, operators] }
`;
const DIRECTORY = `  other:
    region: ap-northeast-1
    mfa: require
    accountId: "111122223333"
    identityCenter: { directory: external, accountIds: ["111122223333"] }
`;

const account = (accounts: string, ...argv: string[]) => {
  writeFileSync(join(folder(), "site.yaml"), `${WHOLE_SITE}${accounts === "" ? "" : `accounts:\n${accounts}`}`);
  return runCli(["account", ...argv], { cwd: folder() });
};

describe("account report --planned", () => {
  it("lays groups, policies and users side by side, and tells what of the file the benchmark does not like", async () => {
    const { code, out, err } = await account(ONE, "report", "--planned");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(`account main (the credentials' own), ap-northeast-1, mfa: off (training account)

  group       policy                    user    comes in by
  Admin       AdministratorAccess       hanako
              demo-main-self-service
  Developers  PowerUserAccess           taro
              demo-main-self-service
              demo-main-record-guard
  Operators   ReadOnlyAccess            taro
              AWSBillingReadOnlyAccess
              demo-main-self-service
              demo-main-record-guard

CIS 5.0.0, missing:
  1.7  passwords have at least 14 characters  at least 10 are asked for
  1.8  the last 24 passwords can't come back  the last 5 can't
  1.9  who has a password has MFA             nobody can enrol: mfa is off

CIS 5.0.0, not known:
  only the account itself can tell: 1.3, 1.4, 1.5, 1.6, 1.11, 1.12, 1.13, 1.15, 1.16, 1.18, 1.21, 3.1, 3.2, 3.4, 3.5, 3.6, 4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7, 4.8, 4.9, 4.10, 4.11, 4.12, 4.13, 4.14, 4.15, root-sign-in, root-keys, watch-changes

CIS 5.0.0: 1 ok, 3 missing, 34 not known
Not looked at: 1.1, 1.2, 1.10, 1.17, 1.19, 1.20, 3.3, 3.7 to 3.9, 4.16 and sections 2 and 5; AWS Security Hub checks those.
`);
  });

  it("--strict exits with 1 where something is missing", async () => {
    expect((await account(ONE, "report", "--planned", "--strict")).code).toBe(1);
  });

  it("shows permission sets, whose members an identity provider has", async () => {
    const { out } = await account(DIRECTORY, "report", "--planned");
    expect(out).toContain(`
  group                  policy                    user  comes in by
  demo-other-admin       AdministratorAccess
  demo-other-developers  PowerUserAccess
                         (inline)
  demo-other-operators   ReadOnlyAccess
                         AWSBillingReadOnlyAccess
                         (inline)

  Members are the directory's: shown as the site file has them.
`);
  });

  it("--json has the same for machines", async () => {
    const { out } = await account(ONE, "report", "--planned", "--json");
    const { ok, accounts } = JSON.parse(out);
    expect({ ok, groups: accounts[0].groups.length, account: accounts[0].account }).toEqual({
      ok: true,
      groups: 3,
      account: "main",
    });
    expect(accounts[0].findings.find(({ id }: { id: string }) => id === "1.7")).toEqual({
      id: "1.7",
      asks: "passwords have at least 14 characters",
      status: "missing",
      found: "at least 10 are asked for",
    });
  });

  it("--account chooses one", async () => {
    const two = `${ONE.replace("    mfa: off", '    accountId: "444455556666"\n    mfa: off')}${DIRECTORY}`;
    const { out } = await account(two, "report", "--planned", "--account", "other");
    expect(out.match(/^account .*$/gm)).toEqual(["account other (111122223333), ap-northeast-1, mfa: require"]);
  });
});

describe("words that don't fit the file", () => {
  it.each<[name: string, accounts: string, argv: string[], problem: string]>([
    ["no account", "", ["report"], "accounts: is required for this command; add an account"],
    [
      "another account",
      ONE,
      ["report", "--account", "mian"],
      'accounts: must hold the account that --account names, got "mian"; did you mean main?',
    ],
    [
      "a person who is not there",
      ONE,
      ["first-login", "tarou", "--out", "x"],
      'accounts.main.users: must hold the person, got "tarou"; did you mean taro?',
    ],
    [
      "a person of a directory",
      DIRECTORY,
      ["first-login", "taro", "--out", "x"],
      "accounts.other.users: must be IAM users for this command: these come from IAM Identity Center; send the invitation from its console: Users, the person, Reset password",
    ],
    [
      "one of several accounts",
      `${ONE.replace("    mfa: off", '    accountId: "444455556666"\n    mfa: off')}${DIRECTORY}`,
      ["first-login", "taro", "--out", "x"],
      "accounts: must be told apart: the file has several; add --account, one of main, other",
    ],
  ])("%s", async (_, accounts, argv, problem) => {
    const { code, out, err } = await account(accounts, ...argv);
    expect({ code, out, err }).toEqual({ code: 1, out: "", err: `site.yaml: 1 problem\n  ${problem}\n` });
  });
});
