import {
  type CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type GetEventSelectorsCommandOutput,
  GetTrailStatusCommand,
  type Trail,
} from "@aws-sdk/client-cloudtrail";
import { GetKeyRotationStatusCommand } from "@aws-sdk/client-kms";
import { GetBucketLoggingCommand } from "@aws-sdk/client-s3";
import type { Known, TrailFacts } from "../account/account-facts";
import type { OpenAccount } from "./account-clients";
import { askFor, orIfNone } from "./ask";

/** Trails that record in the account's region, those of other regions and of the organization among them. */
export async function readTrails(account: OpenAccount): Promise<Known<readonly TrailFacts[]>> {
  const { cloudTrail } = account;
  return askFor("cloudtrail:DescribeTrails", async () => {
    const { trailList = [] } = await cloudTrail.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
    return Promise.all(trailList.map((trail) => readTrail(account, trail)));
  });
}

async function readTrail({ cloudTrail, kms, s3 }: OpenAccount, trail: Trail): Promise<TrailFacts> {
  const { TrailARN = "", Name = "", KmsKeyId, S3BucketName = "", CloudWatchLogsLogGroupArn } = trail;
  const [status, hasManagementEvents, isKeyRotated, isAccessLogged] = await Promise.all([
    cloudTrail.send(new GetTrailStatusCommand({ Name: TrailARN })),
    readManagementEvents(cloudTrail, TrailARN),
    KmsKeyId === undefined
      ? { is: false }
      : askFor("kms:GetKeyRotationStatus", async () => {
          const answer = await orIfNone(kms.send(new GetKeyRotationStatusCommand({ KeyId: KmsKeyId })), undefined);
          return answer?.KeyRotationEnabled ?? false;
        }),
    askFor("s3:GetBucketLogging", async () => {
      const answer = await orIfNone(s3.send(new GetBucketLoggingCommand({ Bucket: S3BucketName })), undefined);
      return answer?.LoggingEnabled !== undefined;
    }),
  ]);
  return {
    name: Name,
    isLogging: status.IsLogging ?? false,
    isMultiRegion: trail.IsMultiRegionTrail ?? false,
    hasManagementEvents,
    isValidated: trail.LogFileValidationEnabled ?? false,
    hasKey: KmsKeyId !== undefined,
    isKeyRotated,
    isAccessLogged,
    // arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*
    logGroup: CloudWatchLogsLogGroupArn?.split(":")[6],
  };
}

async function readManagementEvents(client: CloudTrailClient, trailArn: string): Promise<boolean> {
  return hasAllManagementEvents(await client.send(new GetEventSelectorsCommand({ TrailName: trailArn })));
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html */
export function hasAllManagementEvents(
  selectors: Pick<GetEventSelectorsCommandOutput, "EventSelectors" | "AdvancedEventSelectors">,
): boolean {
  const { EventSelectors = [], AdvancedEventSelectors = [] } = selectors;
  const isBasic = EventSelectors.some(
    ({ IncludeManagementEvents = true, ReadWriteType = "All", ExcludeManagementEventSources = [] }) =>
      IncludeManagementEvents && ReadWriteType === "All" && ExcludeManagementEventSources.length === 0,
  );
  // Any further field would narrow it: `readOnly`, or the sources that are left out.
  const isAdvanced = AdvancedEventSelectors.some(
    ({ FieldSelectors = [] }) =>
      FieldSelectors.length === 1 &&
      FieldSelectors.some(({ Field, Equals = [] }) => Field === "eventCategory" && Equals.includes("Management")),
  );
  return isBasic || isAdvanced;
}
