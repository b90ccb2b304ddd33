import { type CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { COMMON_SETTINGS } from "../common/watch/watch-spec";
import type { ExistingAlarm } from "./plan-alarms";

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html (MaxRecords: 100) */
const ALARMS_PER_PAGE = 100;

/** Every alarm whose name begins so. */
export async function readAlarms(client: CloudWatchClient, prefix: string): Promise<ExistingAlarm[]> {
  const alarms: ExistingAlarm[] = [];
  const pages = paginateDescribeAlarms(
    { client, pageSize: ALARMS_PER_PAGE },
    { AlarmNamePrefix: prefix, AlarmTypes: ["MetricAlarm"] },
  );
  for await (const { MetricAlarms } of pages) alarms.push(...(MetricAlarms ?? []).map(toAlarm));
  return alarms;
}

function toAlarm(alarm: MetricAlarm): ExistingAlarm {
  const actions = alarm.AlarmActions ?? [];
  const strayed = [
    ...(alarm.ComparisonOperator === COMMON_SETTINGS.ComparisonOperator ? [] : ["comparison"]),
    ...((alarm.TreatMissingData ?? "missing") === COMMON_SETTINGS.TreatMissingData ? [] : ["missing data"]),
    ...((alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods) === alarm.EvaluationPeriods ? [] : ["datapoints"]),
    ...(sameList(actions, alarm.OKActions ?? []) ? [] : ["actions"]),
  ];
  return {
    name: alarm.AlarmName ?? "",
    description: alarm.AlarmDescription ?? "",
    namespace: alarm.Namespace ?? "",
    metricName: alarm.MetricName ?? "",
    dimensions: Object.fromEntries((alarm.Dimensions ?? []).map(({ Name, Value }) => [Name ?? "", Value ?? ""])),
    // Another statistic than ours differs, whatever it is.
    statistic: (alarm.Statistic ?? "none") as ExistingAlarm["statistic"],
    periodSeconds: alarm.Period ?? 0,
    periods: alarm.EvaluationPeriods ?? 0,
    threshold: alarm.Threshold ?? Number.NaN,
    actions,
    isRaised: alarm.StateValue === "ALARM",
    hasActionsEnabled: alarm.ActionsEnabled ?? true,
    strayed,
  };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}
