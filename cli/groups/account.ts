import type { Command } from "commander";
import type { Act } from "../act";
import type { FirstLoginOptions } from "../aws/first-login";
import { accountReport } from "../commands/account-report";
import { loadAwsCommands } from "../load-aws";

/** `kakehashi account …`: who may do what in an AWS account. */
export function addAccountCommands(program: Command, act: Act): void {
  const account = program.command("account").description("AWS accounts of the site file: people, and their record");
  account
    .command("report")
    .argument("[site]", "the site file")
    .option("--account <key>", "one account of the file instead of all")
    .option("--planned", "ask AWS nothing; tell what the file would make")
    .option("--strict", "exit with 1 where something is missing or differs")
    .option("--json", "machine-readable output")
    .description("groups, policies and users as a table, and what the CIS benchmark asks that is missing")
    .action(act(accountReport));
  account
    .command("first-login")
    .argument("<user>", "a user of the site file, who is deployed")
    .argument("[site]", "the site file")
    .requiredOption("--out <file>", "where to write the password; must not exist")
    .option("--account <key>", "the account, where the file has several")
    .option("--reset", "a new password for who has one")
    .option("--json", "machine-readable output")
    .description("make a password that must be changed at the first sign-in")
    .action(
      act(async (io, user: string, site: string | undefined, options: FirstLoginOptions) =>
        (await loadAwsCommands()).firstLogin(io, user, site, options),
      ),
    );
}
