import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

export interface AwsTrailAlarmsProps {
  /** What every alarm's name begins with; also the name space of the metrics. */
  readonly name: string;
  readonly logGroupName: string;
  readonly alarms: readonly AwsTrailAlarmProps[];
  /** Topics that are told. @default - none */
  readonly actions?: readonly string[];
}

export interface AwsTrailAlarmProps {
  /** Ends the alarm's name, and is the metric's. */
  readonly key: string;
  /** At most 1024 characters. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html */
  readonly pattern: string;
  /** What the message says. */
  readonly description: string;
}

/** As the benchmark's remediation has it. */
const PERIOD_SECONDS = 300;

/** A metric filter and an alarm for each kind of event: one event within five minutes is enough. */
export class AwsTrailAlarms extends Construct {
  constructor(scope: Construct, id: string, props: AwsTrailAlarmsProps) {
    super(scope, id);
    const namespace = `Kakehashi/${props.name}`;
    for (const { key, pattern, description } of props.alarms) {
      const filter = new CloudwatchLogMetricFilter(this, `filter-${key}`, {
        name: `${props.name}-${key}`,
        logGroupName: props.logGroupName,
        pattern,
        metricTransformation: { name: key, namespace, value: "1" },
      });
      new CloudwatchMetricAlarm(this, `alarm-${key}`, {
        alarmName: `${props.name}-${key}`,
        alarmDescription: description,
        namespace,
        metricName: key,
        statistic: "Sum",
        period: PERIOD_SECONDS,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        // The metric has data only when there is an event.
        treatMissingData: "notBreaching",
        alarmActions: [...(props.actions ?? [])],
        dependsOn: [filter],
      });
    }
  }
}
