import type { Account } from "../../config/account";
import type { AccountFacts } from "../account/account-facts";
import { openAccount } from "./account-clients";
import { readAccount } from "./read-account";

/** @throws ExternalError */
export async function readAccountOf(
  account: Account,
  now: Date,
): Promise<{ readonly facts: AccountFacts; readonly accountId: string }> {
  const open = await openAccount(account);
  return { facts: await readAccount(open, account.identityCenter !== undefined, now), accountId: open.accountId };
}
