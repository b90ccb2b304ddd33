import { createHash } from "node:crypto";
import { renderAlarmText } from "../alarm-label";
import { alarmPrefix, type WatchSpec } from "./watch-spec";

/** An instance as its alarms and widgets see it. Id and label may be Terraform's tokens. */
export interface WatchedInstance {
  readonly id: string;
  readonly label: string;
  /** What its CloudWatch agent reports. */
  readonly agent: AgentMetrics;
}

type Dimensions = Readonly<Record<string, string>>;

export interface AgentMetrics {
  /** The dimensions of mem_used_percent. */
  readonly memory?: Dimensions;
  /** The dimensions of disk_used_percent, one a file system. */
  readonly disks: readonly { readonly path: string; readonly dimensions: Dimensions }[];
}

/** What an agent reports that appends InstanceId to its metrics and nothing else, on an instance of one file system. */
export function plainAgent(id: string, hasAgent: boolean): AgentMetrics {
  if (!hasAgent) return { disks: [] };
  return { memory: { InstanceId: id }, disks: [{ path: "/", dimensions: { InstanceId: id, path: "/" } }] };
}

export interface MetricRef {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Dimensions;
}

/** One CloudWatch alarm: raised when the statistic is at or above the threshold in every one of the periods. */
export interface AlarmDefinition extends MetricRef {
  readonly name: string;
  readonly description: string;
  readonly statistic: "Average" | "Maximum" | "Sum";
  readonly periodSeconds: number;
  readonly periods: number;
  readonly threshold: number;
  readonly actions: readonly string[];
}

type Rest = Omit<AlarmDefinition, "name" | "description" | "actions">;

/** Instances report at least every 5 minutes, status checks every minute. */
const PERIOD_SECONDS = 300;

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html */
const EC2 = "AWS/EC2";

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/metrics-collected-by-CloudWatch-agent.html */
const AGENT = "CWAgent";

export function ec2Metric(id: string, metricName: string): MetricRef {
  return { namespace: EC2, metricName, dimensions: { InstanceId: id } };
}

export function memoryMetric(dimensions: Dimensions): MetricRef {
  return { namespace: AGENT, metricName: "mem_used_percent", dimensions };
}

export function diskMetric(dimensions: Dimensions): MetricRef {
  return { namespace: AGENT, metricName: "disk_used_percent", dimensions };
}

/** Every alarm of one instance, by what it watches: `status check`, `cpu`, `network in`, `network out`, `memory`, `disk /`. */
export function instanceAlarms(
  spec: WatchSpec,
  { id, label, agent }: WatchedInstance,
): Record<string, AlarmDefinition> {
  const { cpuPercent, memoryPercent, diskPercent, networkMegabitsPerSecond, minutes } = spec.thresholds;
  const time = { periodSeconds: PERIOD_SECONDS, periods: (minutes * 60) / PERIOD_SECONDS };
  const average = (metric: MetricRef, threshold: number): Rest => ({
    ...metric,
    ...time,
    statistic: "Average",
    threshold,
  });
  const rests: [kind: string, sentence: string, rest: Rest | undefined][] = [
    [
      "status check",
      "fails a status check of EC2",
      { ...ec2Metric(id, "StatusCheckFailed"), statistic: "Maximum", periodSeconds: 60, periods: 3, threshold: 1 },
    ],
    [
      "cpu",
      `has had its CPU at ${cpuPercent} % or more for ${minutes} minutes`,
      cpuPercent === undefined ? undefined : average(ec2Metric(id, "CPUUtilization"), cpuPercent),
    ],
    ...(["in", "out"] as const).map((way): [string, string, Rest | undefined] => [
      `network ${way}`,
      `has had ${networkMegabitsPerSecond} Mbit/s or more ${way} for ${minutes} minutes`,
      networkMegabitsPerSecond === undefined
        ? undefined
        : {
            ...ec2Metric(id, way === "in" ? "NetworkIn" : "NetworkOut"),
            ...time,
            statistic: "Sum",
            threshold: (networkMegabitsPerSecond * 1e6 * PERIOD_SECONDS) / 8,
          },
    ]),
    [
      "memory",
      `has had its memory ${memoryPercent} % full or more for ${minutes} minutes`,
      memoryPercent === undefined || !agent.memory ? undefined : average(memoryMetric(agent.memory), memoryPercent),
    ],
    ...agent.disks.map(({ path, dimensions }): [string, string, Rest | undefined] => [
      `disk ${shorten(path)}`,
      `has had its file system ${shorten(path)} ${diskPercent} % full or more for ${minutes} minutes`,
      diskPercent === undefined ? undefined : average(diskMetric(dimensions), diskPercent),
    ]),
  ];
  return Object.fromEntries(
    rests.flatMap(([kind, sentence, rest]) => {
      if (!rest) return [];
      const about = { kakehashi: 1, site: spec.site, kind: "other", subject: `watch ${spec.watch}` } as const;
      // Words of ours come first: a Name tag must not be able to pass for the label below.
      const description = renderAlarmText(`EC2 instance ${label} (${id}) ${sentence}.`, about);
      return [[kind, { ...rest, name: `${alarmPrefix(spec)}${label}/${kind}`, description, actions: spec.actions }]];
    }),
  );
}

const MOST_PATH_CHARACTERS = 60;

/** A long path is cut, and told from others that begin alike by its hash: an alarm's name has at most 255 characters. */
function shorten(path: string): string {
  if (path.length <= MOST_PATH_CHARACTERS) return path;
  return `${path.slice(0, MOST_PATH_CHARACTERS)}~${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;
}
