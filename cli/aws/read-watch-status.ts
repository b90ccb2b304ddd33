import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ExternalError } from "../../config/problems";
import { alarmTopicName, resourceName } from "../../config/resource-names";
import type { Watch } from "../../config/watch";
import { plainAgent } from "../../functions/common/watch/instance-alarms";
import { dashboardName } from "../../functions/common/watch/watch-spec";
import { compareWatch } from "../../functions/watch-reconciler/core";
import { readDashboard } from "../../functions/watch-reconciler/put-dashboards";
import { toWatchSpec } from "../watch-spec";
import { ask } from "./ask";

/** A watch as it stands in the account. Alarms are told by name. */
export interface WatchReport {
  readonly watch: string;
  readonly region: string;
  readonly mode: Watch["mode"];
  readonly instances: number;
  /** How many there should be. */
  readonly alarms: number;
  readonly raised: readonly string[];
  readonly drift: {
    readonly missing: readonly string[];
    readonly changed: readonly { readonly name: string; readonly fields: readonly string[] }[];
    readonly stale: readonly string[];
  };
  readonly dashboard: "there" | "missing" | "not wanted";
}

/**
 * Asks AWS, and changes nothing.
 * @throws ExternalError
 */
export async function readWatchStatus(site: string, watch: Watch): Promise<WatchReport> {
  const { key, region, mode, hasDashboard, hasAgent } = watch;
  const [ec2, cloudWatch] = [new EC2Client({ region }), new CloudWatchClient({ region })];
  const spec = toWatchSpec(site, watch, {
    vpcId: await findVpc(ec2, site, watch),
    actions: watch.alarm === undefined ? [] : [await topicArn(region, alarmTopicName(site, watch.alarm))],
    vpns: [],
  });
  // Terraform has made the alarms of the simple mode without having seen what the agents report.
  const agentOf = mode === "simple" ? ({ id }: { id: string }) => plainAgent(id, hasAgent) : undefined;
  const { instances, wanted, existing, plan } = await ask(
    "ec2:DescribeInstances, cloudwatch:DescribeAlarms or cloudwatch:ListMetrics",
    () => compareWatch({ ec2, cloudWatch }, spec, agentOf),
  );
  const isThere =
    hasDashboard &&
    (await ask("cloudwatch:GetDashboard", () => readDashboard(cloudWatch, dashboardName(spec)))) !== undefined;
  const puts = plan.puts.map(({ definition, changed }) => ({ name: definition.name, fields: changed }));
  return {
    watch: key,
    region,
    mode,
    instances: instances.length,
    alarms: wanted.length,
    raised: existing.filter(({ isRaised }) => isRaised).map(({ name }) => name),
    drift: {
      missing: puts.filter(({ fields }) => fields.length === 0).map(({ name }) => name),
      changed: puts.filter(({ fields }) => fields.length > 0),
      stale: plan.stale,
    },
    dashboard: hasDashboard ? (isThere ? "there" : "missing") : "not wanted",
  };
}

async function findVpc(ec2: EC2Client, site: string, { network, region }: Watch): Promise<string | undefined> {
  if (network === undefined || network.vpcId !== undefined) return network?.vpcId;
  const name = resourceName(site, network.key);
  const { Vpcs = [] } = await ask("ec2:DescribeVpcs", () =>
    ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "tag:Name", Values: [name] }] })),
  );
  const [vpc] = Vpcs;
  if (vpc === undefined)
    throw new ExternalError(`there is no VPC ${name} in ${region}: deploy its network's stack first`);
  if (Vpcs.length > 1)
    throw new ExternalError(`${Vpcs.length} VPCs in ${region} are called ${name}: rename the others`);
  return vpc.VpcId;
}

async function topicArn(region: string, name: string): Promise<string> {
  const { Account, Arn } = await ask("sts:GetCallerIdentity", () =>
    new STSClient({ region }).send(new GetCallerIdentityCommand({})),
  );
  // arn:aws:sts::123456789012:assumed-role/…
  return `arn:${Arn?.split(":")[1]}:sns:${region}:${Account}:${name}`;
}
