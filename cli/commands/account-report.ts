import { chooseAccounts } from "../account/choose-accounts";
import { makeReport, type Report, toJson } from "../account/make-report";
import { plannedFacts } from "../account/planned-facts";
import { renderReport } from "../account/render-report";
import type { Io } from "../io";
import { loadAwsCommands } from "../load-aws";
import { loadSiteFile, siteFile } from "../site-file";

interface Options {
  readonly account?: string;
  readonly planned?: boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** @throws ConfigError, ExternalError */
export async function accountReport(io: Io, argument: string | undefined, options: Options): Promise<number> {
  const site = loadSiteFile(io, argument);
  const reports: Report[] = [];
  for (const account of chooseAccounts(siteFile(io, argument), site, options.account)) {
    const { facts, accountId } = options.planned
      ? { facts: plannedFacts(site.name, account), accountId: undefined }
      : await (await loadAwsCommands()).readAccountOf(account, io.now());
    reports.push(makeReport(site.name, account, facts, io.now(), accountId));
  }
  io.out(
    options.json
      ? `${JSON.stringify({ ok: true, accounts: reports.map(toJson) }, null, 2)}\n`
      : reports.map((report) => renderReport(io, report)).join("\n"),
  );
  const isComplete = reports.every(
    ({ findings, differences }) => differences.length === 0 && findings.every(({ status }) => status !== "missing"),
  );
  return options.strict && !isComplete ? 1 : 0;
}
