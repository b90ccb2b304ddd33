import type { Io } from "../io";
import { paint } from "../paint";
import { renderTable } from "../table";
import type { Finding } from "./finding";
import type { Report, ReportMember } from "./make-report";

/** What no answer of IAM, CloudTrail, CloudWatch, KMS or S3 decides, so that nobody takes silence for a yes. */
export const NOT_LOOKED_AT =
  "Not looked at: 1.1, 1.2, 1.10, 1.17, 1.19, 1.20, 3.3, 3.7 to 3.9, 4.16 and sections 2 and 5; AWS Security Hub checks those.";

export function renderReport(io: Io, report: Report): string {
  const { account, accountId, groups, ungrouped, differences, findings, benchmark } = report;
  const missing = findings.filter(({ status }) => status === "missing");
  const unknown = findings.filter(({ status }) => status === "unknown");
  const reason = account.mfaOffReason === undefined ? "" : ` (${account.mfaOffReason})`;
  return [
    `account ${account.key} (${accountId ?? "the credentials' own"}), ${account.region}, mfa: ${account.mfa}${reason}`,
    "",
    renderTable([
      ["group", "policy", "user", "comes in by"],
      ...groups.flatMap(({ name, policies, members }) => groupRows(name, policies, members)),
      ...(ungrouped.length === 0 ? [] : groupRows("(no group)", ["(none)"], ungrouped)),
    ]),
    ...(account.identityCenter ? ["", "  Members are the directory's: shown as the site file has them."] : []),
    "",
    ...titled(
      io,
      "Not as the site file says:",
      differences.map((line) => [line]),
    ),
    ...titled(io, `CIS ${benchmark}, missing:`, missing.map(toRow)),
    ...titled(io, `CIS ${benchmark}, not known:`, unknownRows(unknown)),
    `CIS ${benchmark}: ${findings.length - missing.length - unknown.length} ok, ${missing.length} missing, ${unknown.length} not known`,
    NOT_LOOKED_AT,
    "",
  ].join("\n");
}

/** Every policy of a group is every member's: side by side, in as many lines as the longer list has. */
function groupRows(name: string, policies: readonly string[], members: readonly ReportMember[]): string[][] {
  const count = Math.max(policies.length, members.length, 1);
  return Array.from({ length: count }, (_, at) => {
    const member = members[at];
    return [at === 0 ? name : "", policies[at] ?? "", member?.name ?? "", member ? comesInBy(member) : ""];
  });
}

function comesInBy({ hasPassword, hasMfa, accessKeys }: ReportMember): string {
  if (hasPassword === undefined) return "";
  const ways = [
    ...(hasPassword ? ["password"] : []),
    ...(accessKeys ? [accessKeys === 1 ? "1 key" : `${accessKeys} keys`] : []),
  ];
  return `${ways.join(", ") || "nothing yet"}, ${hasMfa ? "MFA" : "no MFA"}`;
}

function titled(io: Io, title: string, rows: string[][]): string[] {
  return rows.length === 0 ? [] : [paint(io, "yellow", title), renderTable(rows), ""];
}

/** One reason often keeps many from being known. */
function unknownRows(findings: readonly Finding[]): string[][] {
  const reasons = new Map<string, string[]>();
  for (const { id, key, found = "" } of findings) reasons.set(found, [...(reasons.get(found) ?? []), key ?? id]);
  return [...reasons].map(([reason, ids]) => [`${reason}: ${ids.join(", ")}`]);
}

/** An alarm may have any name: a terminal must not act on it. */
function toRow({ id, asks, found = "" }: Finding): string[] {
  return [id, asks, found.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?")];
}
