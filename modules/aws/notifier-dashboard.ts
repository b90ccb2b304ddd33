import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import { BATCH_COUNTS } from "./notifier-alarms";

export interface AwsNotifierDashboardProps {
  /** The dashboard's, the function's and the queue's name. */
  readonly name: string;
  readonly region: string;
  readonly deadLetterQueueName: string;
  /** Namespace of the metrics that are read from the function's log. */
  readonly namespace: string;
}

type Metric = readonly [namespace: string, name: string, ...rest: unknown[]];

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html (24 columns) */
const WIDTH = 12;
const HEIGHT = 6;

/** One page: what waits, what became of it, how the function runs. */
export class AwsNotifierDashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { name, region, deadLetterQueueName, namespace }: AwsNotifierDashboardProps,
  ) {
    super(scope, id);
    const queue = (queueName: string, metric: string, stat: string, label: string): Metric => [
      "AWS/SQS",
      metric,
      "QueueName",
      queueName,
      { stat, label },
    ];
    const lambda = (metric: string, stat: string): Metric => ["AWS/Lambda", metric, "FunctionName", name, { stat }];
    const panels: readonly (readonly [title: string, metrics: readonly Metric[]])[] = [
      [
        "Records in the queue",
        [
          queue(name, "ApproximateNumberOfMessagesVisible", "Maximum", "waiting"),
          queue(name, "ApproximateNumberOfMessagesNotVisible", "Maximum", "under way or postponed"),
          queue(deadLetterQueueName, "ApproximateNumberOfMessagesVisible", "Maximum", "dead"),
        ],
      ],
      ["Age of the oldest record (s)", [queue(name, "ApproximateAgeOfOldestMessage", "Maximum", "oldest")]],
      ["What became of records", BATCH_COUNTS.map((count): Metric => [namespace, count, { stat: "Sum" }])],
      ["Records sent into the queue", [queue(name, "NumberOfMessagesSent", "Sum", "sent")]],
      ["Function: time of a batch (ms)", [lambda("Duration", "p50"), lambda("Duration", "p99")]],
      [
        "Function: at once, failed, held back",
        [lambda("ConcurrentExecutions", "Maximum"), lambda("Errors", "Sum"), lambda("Throttles", "Sum")],
      ],
    ];
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: name,
      dashboardBody: JSON.stringify({
        widgets: panels.map(([title, metrics], at) => ({
          type: "metric",
          x: (at % 2) * WIDTH,
          y: Math.floor(at / 2) * HEIGHT,
          width: WIDTH,
          height: HEIGHT,
          properties: { title, region, metrics, period: 60, view: "timeSeries", stacked: false },
        })),
      }),
    });
  }
}
