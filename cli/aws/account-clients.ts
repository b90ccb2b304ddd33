import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import type { Account } from "../../config/account";
import { ExternalError } from "../../config/problems";
import { ask } from "./ask";

/** One account, spoken to by the role that the site file names for it, else by the environment's credentials. */
export interface OpenAccount {
  /** 12 digits. */
  readonly accountId: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly iam: IAMClient;
  readonly cloudTrail: CloudTrailClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudWatch: CloudWatchClient;
  readonly sns: SNSClient;
  readonly kms: KMSClient;
  readonly s3: S3Client;
}

/** @throws ExternalError where the credentials are none, are refused, or belong to another account */
export async function openAccount(account: Account): Promise<OpenAccount> {
  const { key, region, roleArn } = account;
  const config = { region, credentials: roleArn === undefined ? undefined : await takeRole(region, roleArn) };
  const { Account: accountId = "", Arn = "" } = await ask("sts:GetCallerIdentity", () =>
    new STSClient(config).send(new GetCallerIdentityCommand({})),
  );
  const expected = account.accountId ?? roleArn?.split(":")[4];
  if (expected !== undefined && accountId !== expected) {
    throw new ExternalError(
      `the credentials belong to account ${accountId}, and accounts.${key} is ${expected}; use others, or name a role by roleArn`,
    );
  }
  return {
    accountId,
    partition: Arn.split(":")[1] ?? "aws",
    iam: new IAMClient(config),
    cloudTrail: new CloudTrailClient(config),
    logs: new CloudWatchLogsClient(config),
    cloudWatch: new CloudWatchClient(config),
    sns: new SNSClient(config),
    kms: new KMSClient(config),
    s3: new S3Client(config),
  };
}

async function takeRole(region: string, roleArn: string): Promise<STSClientConfig["credentials"]> {
  const { Credentials } = await ask("sts:AssumeRole", () =>
    new STSClient({ region }).send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "kakehashi" })),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken,
  };
}
