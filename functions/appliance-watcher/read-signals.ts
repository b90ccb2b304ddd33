import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeInstanceStatusCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { ProbeAnswer } from "../common/appliance/probe-contract";
import type { Signal } from "./verdict";

/**
 * An instance that does not run is down, whoever stopped it; one whose checks have not ended says nothing.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html
 */
export async function readStatus(ec2: EC2Client, instanceId: string): Promise<Signal> {
  const { InstanceStatuses = [] } = await ec2.send(
    new DescribeInstanceStatusCommand({ InstanceIds: [instanceId], IncludeAllInstances: true }),
  );
  const [found] = InstanceStatuses;
  const state = found?.InstanceState?.Name;
  if (state === "pending") return "unknown";
  if (state !== "running") return "down";
  const checks = [found?.SystemStatus?.Status, found?.InstanceStatus?.Status];
  if (checks.includes("impaired")) return "down";
  return checks.every((check) => check === "ok") ? "up" : "unknown";
}

/** Route 53's metrics are in this region only, one point a minute. */
export const HEALTH_CHECK_REGION = "us-east-1";
const LOOK_BACK_MS = 5 * 60_000;

/**
 * What the checkers said last. @param cloudWatch in `HEALTH_CHECK_REGION`
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html (HealthCheckStatus: 1 healthy, 0 not)
 */
export async function readHealth(cloudWatch: CloudWatchClient, healthCheckId: string, nowMs: number): Promise<Signal> {
  const { MetricDataResults = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(nowMs - LOOK_BACK_MS),
      EndTime: new Date(nowMs),
      ScanBy: "TimestampDescending",
      MetricDataQueries: [
        {
          Id: "health",
          MetricStat: {
            Metric: {
              Namespace: "AWS/Route53",
              MetricName: "HealthCheckStatus",
              Dimensions: [{ Name: "HealthCheckId", Value: healthCheckId }],
            },
            Period: 60,
            Stat: "Minimum",
          },
        },
      ],
    }),
  );
  const newest = MetricDataResults[0]?.Values?.[0];
  if (newest === undefined) return "unknown";
  return newest < 1 ? "down" : "up";
}

export function toSignal(answer: ProbeAnswer | undefined): Signal {
  if (!answer) return "unknown";
  return answer.isUp ? "up" : "down";
}
