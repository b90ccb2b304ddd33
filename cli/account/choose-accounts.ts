import type { Account } from "../../config/account";
import { ConfigError } from "../../config/problems";
import { adviseKey } from "../../config/schema/to-problems";
import type { Site } from "../../config/site";

/**
 * Accounts that a command works on: the one that is named, else all of the file.
 * @throws ConfigError where the file has none, or not that one
 */
export function chooseAccounts(file: string, { accounts }: Site, key: string | undefined): readonly Account[] {
  if (accounts.length === 0) {
    throw new ConfigError(file, [{ path: ["accounts"], rule: "is required for this command", fix: "add an account" }]);
  }
  if (key === undefined) return accounts;
  const chosen = accounts.filter((account) => account.key === key);
  if (chosen.length > 0) return chosen;
  const known = accounts.map((account) => account.key);
  throw new ConfigError(file, [
    { path: ["accounts"], rule: "must hold the account that --account names", got: key, fix: adviseKey(key, known) },
  ]);
}
