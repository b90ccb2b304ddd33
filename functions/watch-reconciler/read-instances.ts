import { type CloudWatchClient, type Metric, paginateListMetrics } from "@aws-sdk/client-cloudwatch";
import { type EC2Client, type Instance, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import type { AgentMetrics, WatchedInstance } from "../common/watch/instance-alarms";
import { labelInstances } from "../common/watch/label-instances";
import { WATCHED_STATES, type WatchSpec } from "../common/watch/watch-spec";

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html (MaxResults: 1000) */
const INSTANCES_PER_PAGE = 1000;

/** File systems that are always full, or hold nothing that lasts. */
const NOT_A_DISK = new Set(["squashfs", "iso9660", "tmpfs", "devtmpfs", "overlay", "efivarfs", "proc", "sysfs"]);

/** The instances that a watch is about, by label, with what their agents have reported in the last two weeks. */
export async function readInstances(
  ec2: EC2Client,
  cloudWatch: CloudWatchClient,
  spec: WatchSpec,
): Promise<WatchedInstance[]> {
  const { memoryPercent, diskPercent } = spec.thresholds;
  const [instances, memory, disks] = await Promise.all([
    findInstances(ec2, spec),
    memoryPercent === undefined ? [] : listAgentMetrics(cloudWatch, "mem_used_percent"),
    diskPercent === undefined ? [] : listAgentMetrics(cloudWatch, "disk_used_percent"),
  ]);
  const named = instances.map(({ InstanceId = "", Tags = [] }) => ({
    id: InstanceId,
    name: Tags.find(({ Key }) => Key === "Name")?.Value ?? "",
  }));
  const labels = labelInstances(named);
  const agents = agentsByInstance(memory, disks);
  return named
    .map(({ id }) => ({ id, label: labels.get(id) as string, agent: agents.get(id) ?? NO_AGENT }))
    .sort((a, b) => compare(a.label, b.label));
}

const NO_AGENT: AgentMetrics = { disks: [] };

async function findInstances(client: EC2Client, { instances, vpcId }: WatchSpec): Promise<Instance[]> {
  const pages = paginateDescribeInstances(
    { client, pageSize: INSTANCES_PER_PAGE },
    {
      Filters: [
        { Name: "tag:Name", Values: instances },
        { Name: "instance-state-name", Values: [...WATCHED_STATES] },
        ...(vpcId === undefined ? [] : [{ Name: "vpc-id", Values: [vpcId] }]),
      ],
    },
  );
  const found: Instance[] = [];
  for await (const { Reservations } of pages) found.push(...(Reservations ?? []).flatMap((one) => one.Instances ?? []));
  return found;
}

async function listAgentMetrics(client: CloudWatchClient, metricName: string): Promise<Dimensions[]> {
  const found: Dimensions[] = [];
  const filter = { Namespace: "CWAgent", MetricName: metricName, Dimensions: [{ Name: "InstanceId" }] };
  for await (const { Metrics } of paginateListMetrics({ client }, filter))
    found.push(...(Metrics ?? []).map(dimensionsOf));
  return found;
}

type Dimensions = Readonly<Record<string, string>>;

function dimensionsOf({ Dimensions = [] }: Metric): Dimensions {
  return Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name ?? "", Value ?? ""]));
}

/** An agent that aggregates reports a metric under several sets of dimensions: the shortest says it all. */
function agentsByInstance(memory: readonly Dimensions[], disks: readonly Dimensions[]): Map<string, AgentMetrics> {
  const shortest = new Map<string, Dimensions>();
  const keep = (which: string, dimensions: Dimensions) => {
    const known = shortest.get(which);
    if (!known || isShorter(dimensions, known)) shortest.set(which, dimensions);
  };
  for (const dimensions of memory) keep(JSON.stringify([dimensions.InstanceId]), dimensions);
  // The short sets of an agent that aggregates do not tell the file system's type: the long ones do.
  const key = ({ InstanceId, path }: Dimensions) => JSON.stringify([InstanceId, path]);
  const passing = new Set(disks.filter(({ fstype = "" }) => NOT_A_DISK.has(fstype)).map(key));
  for (const dimensions of disks) {
    if (dimensions.path !== undefined && !passing.has(key(dimensions))) keep(key(dimensions), dimensions);
  }
  const agents = new Map<string, AgentMetrics>();
  for (const [which, dimensions] of [...shortest].sort(([a], [b]) => compare(a, b))) {
    const [id, path] = JSON.parse(which) as [string, string?];
    const agent = agents.get(id) ?? NO_AGENT;
    agents.set(
      id,
      path === undefined
        ? { ...agent, memory: dimensions }
        : { ...agent, disks: [...agent.disks, { path, dimensions }] },
    );
  }
  return agents;
}

function isShorter(a: Dimensions, b: Dimensions): boolean {
  const [one, other] = [Object.keys(a).length, Object.keys(b).length];
  return one === other ? JSON.stringify(a) < JSON.stringify(b) : one < other;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
