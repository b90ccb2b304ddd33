import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";

/** What the alarms of one thing have in common. */
export interface AwsAlarmVoice {
  /** Every alarm's name begins with it. */
  readonly name: string;
  /** Text of an alarm, from the sentence that says what it is about. */
  readonly describe: (sentence: string) => string;
  /** ARNs that alarms act on. Empty: nobody is told. */
  readonly actions: readonly string[];
}

export type AwsMeasure = Partial<CloudwatchMetricAlarmConfig> & Pick<CloudwatchMetricAlarmConfig, "threshold">;

/** One alarm: at the threshold or above it, once, and not where nothing is measured, unless the measure says otherwise. */
export function addMetricAlarm(
  scope: Construct,
  { name, describe, actions }: AwsAlarmVoice,
  what: string,
  sentence: string,
  measure: AwsMeasure,
): void {
  new CloudwatchMetricAlarm(scope, `alarm-${what}`, {
    alarmName: `${name}-${what}`,
    alarmDescription: describe(sentence),
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    evaluationPeriods: 1,
    treatMissingData: "notBreaching",
    alarmActions: [...actions],
    okActions: [...actions],
    ...measure,
  });
}
