import {
  GetAccountPasswordPolicyCommand,
  GetAccountSummaryCommand,
  type IAMClient,
  paginateListServerCertificates,
  paginateListVirtualMFADevices,
} from "@aws-sdk/client-iam";
import type { AccountFacts, PasswordRules, RootUser } from "../account/account-facts";
import type { OpenAccount } from "./account-clients";
import { askFor, orIfNone } from "./ask";
import { readCredentials } from "./read-credentials";
import { readDirectory } from "./read-directory";
import { readTrails } from "./read-trails";
import { readWatch } from "./read-watch";

/**
 * All that the report asks of an account, read only.
 * @throws ExternalError where AWS does not answer; what these credentials may not know is left unknown
 */
export async function readAccount(account: OpenAccount, hasIdentityCenter: boolean, now: Date): Promise<AccountFacts> {
  const { iam } = account;
  const trails = await readTrails(account);
  const groups = "is" in trails ? trails.is.flatMap(({ logGroup }) => logGroup ?? []) : [];
  const [{ directory, attachments }, credentials, root, passwords, expiredCertificates, watch] = await Promise.all([
    readDirectory(iam, hasIdentityCenter),
    readCredentials(iam),
    askFor("iam:GetAccountSummary", () => readRoot(iam)),
    askFor("iam:GetAccountPasswordPolicy", () => readPasswords(iam)),
    askFor("iam:ListServerCertificates", () => readExpired(iam, now)),
    readWatch(account, [...new Set(groups)]),
  ]);
  return {
    directory,
    attachments: { is: attachments },
    credentials,
    root,
    passwords,
    expiredCertificates,
    trails,
    watch,
  };
}

async function readRoot(client: IAMClient): Promise<RootUser> {
  const { SummaryMap = {} } = await client.send(new GetAccountSummaryCommand({}));
  let isMfaVirtual = false;
  for await (const { VirtualMFADevices = [] } of paginateListVirtualMFADevices(
    { client },
    { AssignmentStatus: "Assigned" },
  )) {
    // A root user's own ARN ends in `root`, a user's in `user/…`.
    isMfaVirtual ||= VirtualMFADevices.some(({ User }) => User?.Arn?.endsWith(":root"));
  }
  return {
    hasAccessKeys: (SummaryMap.AccountAccessKeysPresent ?? 0) > 0,
    hasMfa: (SummaryMap.AccountMFAEnabled ?? 0) > 0,
    isMfaVirtual,
  };
}

/** What IAM asks of passwords where nobody has said anything. */
const IAM_DEFAULT: PasswordRules = { minimumLength: 8, reusePrevention: 0 };

async function readPasswords(client: IAMClient): Promise<PasswordRules> {
  const answer = await orIfNone(client.send(new GetAccountPasswordPolicyCommand({})), undefined);
  return {
    minimumLength: answer?.PasswordPolicy?.MinimumPasswordLength ?? IAM_DEFAULT.minimumLength,
    reusePrevention: answer?.PasswordPolicy?.PasswordReusePrevention ?? IAM_DEFAULT.reusePrevention,
  };
}

async function readExpired(client: IAMClient, now: Date): Promise<string[]> {
  const expired: string[] = [];
  for await (const { ServerCertificateMetadataList = [] } of paginateListServerCertificates({ client }, {})) {
    for (const { ServerCertificateName = "", Expiration } of ServerCertificateMetadataList) {
      if (Expiration && Expiration < now) expired.push(ServerCertificateName);
    }
  }
  return expired;
}
