import { type CloudWatchClient, DeleteAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { COMMON_SETTINGS } from "../common/watch/watch-spec";
import type { AlarmPlan, AlarmPut } from "./plan-alarms";

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html (100) */
const ALARMS_PER_DELETE = 100;

/**
 * CloudWatch takes 3 PutMetricAlarm a second and region, one alarm each; the client slows down by itself where told to.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const PUTS_AT_ONCE = 3;

export interface Applied {
  readonly put: number;
  readonly deleted: number;
  /** False where the time was up: what is left is done by the next run. */
  readonly isComplete: boolean;
}

/** Stale alarms go first: they are cheap to remove, and their names may be needed again. */
export async function applyPlan(
  client: CloudWatchClient,
  plan: AlarmPlan,
  tags: Readonly<Record<string, string>>,
  isTimeUp: () => boolean,
): Promise<Applied> {
  const deleted = await deleteAlarms(client, plan.stale, isTimeUp);
  const waiting = [...plan.puts];
  const put = { count: 0 };
  const work = async () => {
    while (!isTimeUp()) {
      const next = waiting.shift();
      if (!next) return;
      await putAlarm(client, next, tags);
      put.count++;
    }
  };
  await Promise.all(Array.from({ length: PUTS_AT_ONCE }, work));
  return {
    put: put.count,
    deleted,
    isComplete: deleted === plan.stale.length && put.count === plan.puts.length,
  };
}

/** @returns how many are gone */
export async function deleteAlarms(
  client: CloudWatchClient,
  names: readonly string[],
  isTimeUp: () => boolean,
): Promise<number> {
  let at = 0;
  for (; at < names.length && !isTimeUp(); at += ALARMS_PER_DELETE) {
    await client.send(new DeleteAlarmsCommand({ AlarmNames: names.slice(at, at + ALARMS_PER_DELETE) }));
  }
  return Math.min(at, names.length);
}

async function putAlarm(
  client: CloudWatchClient,
  { definition, hasActionsEnabled, changed }: AlarmPut,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const {
    name,
    description,
    namespace,
    metricName,
    dimensions,
    statistic,
    periodSeconds,
    periods,
    threshold,
    actions,
  } = definition;
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      AlarmDescription: description,
      Namespace: namespace,
      MetricName: metricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistic: statistic,
      Period: periodSeconds,
      EvaluationPeriods: periods,
      DatapointsToAlarm: periods,
      Threshold: threshold,
      ...COMMON_SETTINGS,
      ActionsEnabled: hasActionsEnabled,
      AlarmActions: [...actions],
      OKActions: [...actions],
      // CloudWatch takes tags at an alarm's making only.
      ...(changed.length === 0 ? { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } : {}),
    }),
  );
}
