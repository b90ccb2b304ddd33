import { rmSync, writeFileSync } from "node:fs";
import { CreateLoginProfileCommand, UpdateLoginProfileCommand } from "@aws-sdk/client-iam";
import type { Account } from "../../config/account";
import { ConfigError, ExternalError } from "../../config/problems";
import { adviseKey } from "../../config/schema/to-problems";
import { chooseAccounts } from "../account/choose-accounts";
import { makeFirstPassword } from "../account/first-password";
import type { Io } from "../io";
import { loadSiteFile, resolveIn, siteFile } from "../site-file";
import { type OpenAccount, openAccount } from "./account-clients";
import { ask } from "./ask";

export interface FirstLoginOptions {
  readonly out: string;
  readonly account?: string;
  readonly reset?: boolean;
  readonly json?: boolean;
}

/**
 * Gives a person the one password that is not theirs: it works once, to choose another. It is written to a file that only the
 * caller may read, and nowhere else.
 * @throws ConfigError, ExternalError
 */
export async function firstLogin(
  io: Io,
  user: string,
  argument: string | undefined,
  options: FirstLoginOptions,
): Promise<number> {
  const account = chooseAccount(siteFile(io, argument), loadSiteFile(io, argument), user, options.account);
  const open = await openAccount(account);
  const password = makeFirstPassword(account.signIn.minimumLength);
  const file = resolveIn(io, options.out);
  // Written first: a password that is set and then lost would lock the person out.
  writeNew(file, letter(open, user, password, account.mfa !== "off"));
  try {
    await setPassword(open, user, password, options.reset ?? false);
  } catch (error) {
    rmSync(file);
    throw error;
  }
  io.out(
    options.json
      ? `${JSON.stringify({ ok: true, account: account.key, accountId: open.accountId, user, file: options.out }, null, 2)}\n`
      : `${options.out}: how ${user} signs in to account ${open.accountId} for the first time; give it to them alone, then delete it\n`,
  );
  return 0;
}

function chooseAccount(
  file: string,
  site: ReturnType<typeof loadSiteFile>,
  user: string,
  key: string | undefined,
): Account {
  const [account, ...others] = chooseAccounts(file, site, key);
  if (account === undefined || others.length > 0) {
    const known = site.accounts.map((one) => one.key).join(", ");
    const rule = "must be told apart: the file has several";
    throw new ConfigError(file, [{ path: ["accounts"], rule, fix: `add --account, one of ${known}` }]);
  }
  const path = ["accounts", account.key, "users"];
  if (account.identityCenter) {
    const rule = "must be IAM users for this command: these come from IAM Identity Center";
    const fix = "send the invitation from its console: Users, the person, Reset password";
    throw new ConfigError(file, [{ path, rule, fix }]);
  }
  const names = account.users.map(({ name }) => name);
  if (names.includes(user)) return account;
  throw new ConfigError(file, [{ path, rule: "must hold the person", got: user, fix: adviseKey(user, names) }]);
}

async function setPassword({ iam }: OpenAccount, user: string, password: string, isReset: boolean): Promise<void> {
  const input = { UserName: user, Password: password, PasswordResetRequired: true };
  try {
    await (isReset ? iam.send(new UpdateLoginProfileCommand(input)) : iam.send(new CreateLoginProfileCommand(input)));
  } catch (error) {
    const { name } = error as Error;
    if (name.startsWith("EntityAlreadyExists")) {
      throw new ExternalError(`${user} has a password already; --reset makes a new one`);
    }
    if (name.startsWith("NoSuchEntity")) {
      throw new ExternalError(
        isReset
          ? `${user} is not in the account, or has no password yet; leave out --reset`
          : `${user} is not in the account yet; deploy its stack first`,
      );
    }
    await ask(isReset ? "iam:UpdateLoginProfile" : "iam:CreateLoginProfile", () => Promise.reject(error));
  }
}

/** @throws ExternalError where the file exists, or can't be written */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ExternalError(
      code === "EEXIST" ? `${file} exists; name another file` : `can't write ${JSON.stringify(file)}: ${code}`,
    );
  }
}

const CONSOLES: Readonly<Record<string, string>> = {
  "aws-cn": "signin.amazonaws.cn",
  "aws-us-gov": "signin.amazonaws-us-gov.com",
};

function letter({ accountId, partition }: OpenAccount, user: string, password: string, hasMfa: boolean): string {
  return [
    `Sign in:   https://${accountId}.${CONSOLES[partition] ?? "signin.aws.amazon.com"}/console`,
    `User name: ${user}`,
    `Password:  ${password}`,
    "",
    "You are asked for a password of your own at once; this one then works no more.",
    ...(hasMfa
      ? ["Then: your name (top right), Security credentials, Assign MFA device; sign out, and in again."]
      : []),
    "",
  ].join("\n");
}
