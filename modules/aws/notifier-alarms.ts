import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { Construct } from "constructs";
import { type AwsAlarmVoice, type AwsMeasure, addMetricAlarm } from "./metric-alarm";

export interface AwsNotifierAlarmsProps extends AwsAlarmVoice {
  /** Every alarm's name begins with it; the function's and the queue's too. */
  readonly name: string;
  readonly deadLetterQueueName: string;
  readonly logGroupName: string;
  /** Namespace of the metrics that are read from the function's log. */
  readonly namespace: string;
  readonly thresholds: {
    readonly oldestSeconds: number;
    readonly deadLetters: number;
    readonly rejectedPercent: number;
  };
}

/** What the function's line for each batch counts. */
export const BATCH_COUNTS = ["delivered", "rejected", "expired", "retry", "deferred", "duplicate"] as const;

/** Alarms of a notifier: records that wait, that died, that partners refuse, and functions that fail or are held back. */
export class AwsNotifierAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: AwsNotifierAlarmsProps,
  ) {
    super(scope, id);
    const { name, thresholds, logGroupName, namespace } = props;
    for (const count of BATCH_COUNTS) {
      new CloudwatchLogMetricFilter(this, count, {
        name: `${name}-${count}`,
        logGroupName,
        pattern: '{ $.message = "batch" }',
        metricTransformation: { name: count, namespace, value: `$.${count}`, unit: "Count" },
      });
    }
    const queue = (queueName: string, metricName: string): Partial<AwsMeasure> => ({
      namespace: "AWS/SQS",
      metricName,
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      period: 60,
    });
    const lambda = (metricName: string): Partial<AwsMeasure> => ({
      namespace: "AWS/Lambda",
      metricName,
      dimensions: { FunctionName: name },
      statistic: "Sum",
      period: 300,
    });
    this.add("oldest", "Records wait too long: too few functions, or a partner that takes none.", {
      ...queue(name, "ApproximateAgeOfOldestMessage"),
      threshold: thresholds.oldestSeconds,
      evaluationPeriods: 3,
    });
    this.add("dead", "Records are in the dead-letter queue: look with kakehashi notify results, then notify redrive.", {
      ...queue(props.deadLetterQueueName, "ApproximateNumberOfMessagesVisible"),
      threshold: thresholds.deadLetters,
    });
    this.add("errors", "The function fails, and whole batches with it.", {
      ...lambda("Errors"),
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
    this.add("throttles", "Functions are held back by the account's or the function's concurrency.", {
      ...lambda("Throttles"),
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
    this.add("rejected", "Partners refuse many records for good.", {
      threshold: thresholds.rejectedPercent,
      metricQuery: [
        {
          id: "percent",
          expression: "100 * rejected / (delivered + rejected)",
          label: "refused for good, percent",
          returnData: true,
        },
        ...(["delivered", "rejected"] as const).map((metricName) => ({
          id: metricName,
          metric: { namespace, metricName, period: 900, stat: "Sum" },
        })),
      ],
    });
  }

  private add(what: string, sentence: string, measure: AwsMeasure): void {
    addMetricAlarm(this, this.props, what, sentence, measure);
  }
}
