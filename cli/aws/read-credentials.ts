import { setTimeout } from "node:timers/promises";
import { GenerateCredentialReportCommand, GetCredentialReportCommand, type IAMClient } from "@aws-sdk/client-iam";
import { ExternalError } from "../../config/problems";
import type { Credentials, Known, UserCredentials } from "../account/account-facts";
import { askFor } from "./ask";

const [POLLS, POLL_MS] = [60, 1_000];
const ROOT = "<root_account>";

/** @throws ExternalError where IAM has not made the report within a minute */
export async function readCredentials(client: IAMClient): Promise<Known<Credentials>> {
  const made = await askFor("iam:GenerateCredentialReport", () => generate(client));
  if ("isUnknown" in made) return made;
  return askFor("iam:GetCredentialReport", async () => {
    const { Content = new Uint8Array() } = await client.send(new GetCredentialReportCommand({}));
    return parseCredentialReport(new TextDecoder().decode(Content));
  });
}

async function generate(client: IAMClient): Promise<void> {
  for (let polls = 0; polls < POLLS; polls++) {
    const { State } = await client.send(new GenerateCredentialReportCommand({}));
    if (State === "COMPLETE") return;
    await setTimeout(POLL_MS);
  }
  throw new ExternalError(`IAM has not made the credential report within ${(POLLS * POLL_MS) / 1000} s; try again`);
}

/**
 * Reads a credential report, CSV. A user name may hold commas, which IAM does not quote: the name's cells are told by their count,
 * because the ARN in the next column ends in the name as well.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
export function parseCredentialReport(text: string): Credentials {
  const [header = "", ...lines] = text.trim().split(/\r?\n/);
  const columns = header.split(",");
  const rows = lines.map((line) => {
    const cells = line.split(",");
    const commas = Math.max(0, cells.length - columns.length) / 2;
    const name = cells.slice(0, commas + 1).join(",");
    const rest = cells.slice(2 * commas + 2);
    return new Map([["user", name], ...rest.map((cell, at): [string, string] => [columns[at + 2] ?? "", cell])]);
  });
  const root = rows.find((row) => row.get("user") === ROOT);
  return {
    rootLastUsedAt: latest(
      ["password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_date"].map((column) =>
        toDate(root?.get(column)),
      ),
    ),
    users: rows.filter((row) => row !== root).map(toUser),
  };
}

function toUser(row: ReadonlyMap<string, string>): UserCredentials {
  const is = (column: string): boolean => row.get(column)?.toLowerCase() === "true";
  return {
    name: row.get("user") ?? "",
    hasPassword: is("password_enabled"),
    hasMfa: is("mfa_active"),
    passwordUsedAt: toDate(row.get("password_last_used")) ?? toDate(row.get("password_last_changed")),
    accessKeys: ["access_key_1", "access_key_2"]
      .filter((key) => is(`${key}_active`))
      .map((key) => ({
        madeAt: toDate(row.get(`${key}_last_rotated`)),
        usedAt: toDate(row.get(`${key}_last_used_date`)),
      })),
  };
}

/** `N/A`, `no_information` and `not_supported` are no dates. */
function toDate(cell: string | undefined): Date | undefined {
  return cell !== undefined && /^\d{4}-/.test(cell) ? new Date(cell) : undefined;
}

function latest(dates: readonly (Date | undefined)[]): Date | undefined {
  return dates.reduce((last, date) => (date && (!last || date > last) ? date : last), undefined);
}
