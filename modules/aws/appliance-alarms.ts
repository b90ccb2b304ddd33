import { Construct } from "constructs";
import { type AwsAlarmVoice, type AwsMeasure, addMetricAlarm } from "./metric-alarm";

export interface AwsApplianceAlarmsProps extends AwsAlarmVoice {
  /** Names of the functions. The stamper: where images are taken. */
  readonly functions: { readonly engine: string; readonly watcher: string; readonly stamper?: string };
  readonly deadLetterQueueName: string;
  readonly namespace: string;
  readonly metrics: { readonly signals: string; readonly imageAge: string };
  /** The newest usable image may be so old. @default - no images are taken */
  readonly staleHours?: number;
}

/** Alarms of an appliance: it seems down, its watcher or engine fails, its images grow old. */
export class AwsApplianceAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: AwsApplianceAlarmsProps,
  ) {
    super(scope, id);
    const { name, functions, namespace, metrics, staleHours } = props;
    const own = (metricName: string, period: number): Partial<AwsMeasure> => ({
      namespace,
      metricName,
      dimensions: { Appliance: name },
      statistic: "Maximum",
      period,
    });
    const errors = (functionName: string): Partial<AwsMeasure> => ({
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: functionName },
      statistic: "Sum",
      period: 300,
    });
    this.add("suspect", "One signal says that it is down; two would fail over. Look with kakehashi appliance status.", {
      ...own(metrics.signals, 60),
      threshold: 1,
      evaluationPeriods: 5,
    });
    this.add("unwatched", "Nothing watches it: the watcher reports no more.", {
      ...own(metrics.signals, 300),
      statistic: "SampleCount",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 2,
      treatMissingData: "breaching",
    });
    this.add("engine", "A fail-over could not go on; it is tried again every minute. Its log says why.", {
      ...errors(functions.engine),
      threshold: 1,
    });
    this.add("watcher", "The watcher fails.", { ...errors(functions.watcher), threshold: 1, evaluationPeriods: 3 });
    this.add("dead-letters", "Requests for a fail-over were given up; they are in the dead-letter queue.", {
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: props.deadLetterQueueName },
      statistic: "Maximum",
      period: 300,
      threshold: 1,
    });
    if (functions.stamper === undefined || staleHours === undefined) return;
    this.add("images", `Its newest usable image is older than ${staleHours} h, or there is none.`, {
      ...own(metrics.imageAge, 3600),
      comparisonOperator: "GreaterThanThreshold",
      threshold: staleHours,
      evaluationPeriods: 2,
      treatMissingData: "breaching",
    });
    this.add("stamper", "Images can't be taken, tested or removed.", {
      ...errors(functions.stamper),
      period: 3600,
      threshold: 1,
      evaluationPeriods: 2,
    });
  }

  private add(what: string, sentence: string, measure: AwsMeasure): void {
    addMetricAlarm(this, this.props, what, sentence, measure);
  }
}
