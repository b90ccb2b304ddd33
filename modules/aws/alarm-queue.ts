import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueueRedriveAllowPolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy";
import { Construct } from "constructs";

export interface AwsAlarmQueueProps {
  /** Without the `.fifo` that SQS wants at its end. */
  readonly name: string;
  /** 1024 to 1048576. */
  readonly maxMessageBytes: number;
  /** How long a message that failed waits for its next turn; at least six times the consumer's timeout. */
  readonly visibilityTimeoutSeconds: number;
  /** Of the topic that is told by mail when messages wait too long or were given up. @default - nobody is told */
  readonly topicArn?: string;
}

/** 14 days, SQS's most. */
const RETENTION_SECONDS = 14 * 24 * 3600;
/** SQS's most. With a turn every five minutes a chat server may be away for three days. */
const MAX_TURNS = 1000;
const LATE_SECONDS = 15 * 60;

/**
 * A FIFO queue: order is kept within an alarm (firing before resolved), the same message is taken once. What failed too often
 * goes to a second queue of the same kind, from which it can be redriven.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
export class AwsAlarmQueue extends Construct {
  readonly arn: string;
  readonly queueName: string;

  constructor(scope: Construct, id: string, props: AwsAlarmQueueProps) {
    super(scope, id);
    const common = {
      fifoQueue: true,
      messageRetentionSeconds: RETENTION_SECONDS,
      maxMessageSize: props.maxMessageBytes,
      sqsManagedSseEnabled: true,
    };
    const givenUp = new SqsQueue(this, "given-up", { ...common, name: `${props.name}-given-up.fifo` });
    const queue = new SqsQueue(this, "queue", {
      ...common,
      name: `${props.name}.fifo`,
      visibilityTimeoutSeconds: props.visibilityTimeoutSeconds,
      // By group and at full speed: one alarm that can't be told must not hold up the others.
      deduplicationScope: "messageGroup",
      fifoThroughputLimit: "perMessageGroupId",
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: givenUp.arn, maxReceiveCount: MAX_TURNS }),
    });
    new SqsQueueRedriveAllowPolicy(this, "redrive", {
      queueUrl: givenUp.url,
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
    });
    this.arn = queue.arn;
    this.queueName = queue.name;
    const { topicArn } = props;
    if (topicArn === undefined) return;
    this.makeAlarm({
      topicArn,
      name: `${props.name}-late`,
      text: `An alarm has waited for ${LATE_SECONDS / 60} minutes in the queue ${props.name}.fifo: the chat server does not take it.`,
      queue,
      metricName: "ApproximateAgeOfOldestMessage",
      threshold: LATE_SECONDS,
    });
    this.makeAlarm({
      topicArn,
      name: `${props.name}-given-up`,
      text: `An alarm was given up and lies in the queue ${props.name}-given-up.fifo: kakehashi relay redrive sends it again.`,
      queue: givenUp,
      metricName: "ApproximateNumberOfMessagesVisible",
      threshold: 0,
    });
  }

  private makeAlarm(of: {
    readonly name: string;
    readonly text: string;
    readonly queue: SqsQueue;
    readonly metricName: string;
    readonly threshold: number;
    readonly topicArn: string;
  }): void {
    new CloudwatchMetricAlarm(this, `alarm-${of.metricName}`, {
      alarmName: of.name,
      alarmDescription: of.text,
      namespace: "AWS/SQS",
      metricName: of.metricName,
      dimensions: { QueueName: of.queue.name },
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: of.threshold,
      treatMissingData: "notBreaching",
      alarmActions: [of.topicArn],
      okActions: [of.topicArn],
    });
  }
}
