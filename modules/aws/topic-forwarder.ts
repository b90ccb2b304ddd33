import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Construct } from "constructs";
import { AwsAlarmTopic } from "./alarm-topic";
import { AwsLambdaFunction } from "./lambda-function";

export interface AwsTopicForwarderProps {
  readonly name: string;
  /** Path of the function's zip. */
  readonly code: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly tokenSecretArn: string;
  /** Topics whose messages are forwarded, by the alarm's key. */
  readonly topics: Readonly<Record<string, string>>;
  /** Who is told, by mail alone, that a message could not be forwarded. */
  readonly emails: readonly string[];
}

/** Long enough for a relay that asks for patience (429 with Retry-After). */
const TIMEOUT_SECONDS = 60;
/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html (most: 2 retries, 6 hours) */
const MAX_RETRIES = 2;
const MAX_AGE_SECONDS = 6 * 3600;
/** 14 days, SQS's most. */
const RETENTION_SECONDS = 14 * 24 * 3600;

/**
 * The function that takes a topic's messages to the relay. What it can't deliver after Lambda's own retries is kept in a
 * queue and told by mail: that road does not lead over the relay.
 */
export class AwsTopicForwarder extends Construct {
  constructor(scope: Construct, id: string, props: AwsTopicForwarderProps) {
    super(scope, id);
    const undelivered = new SqsQueue(this, "undelivered", {
      name: `${props.name}-undelivered`,
      messageRetentionSeconds: RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
    });
    const forwarder = new AwsLambdaFunction(this, "function", {
      name: props.name,
      code: props.code,
      environment: props.environment,
      timeoutSeconds: TIMEOUT_SECONDS,
      statements: [
        { sid: "ReadTheRelaysToken", actions: ["secretsmanager:GetSecretValue"], resources: [props.tokenSecretArn] },
        { sid: "KeepWhatCouldNotBeDelivered", actions: ["sqs:SendMessage"], resources: [undelivered.arn] },
      ],
    });
    new LambdaFunctionEventInvokeConfig(this, "retries", {
      functionName: forwarder.functionName,
      maximumRetryAttempts: MAX_RETRIES,
      maximumEventAgeInSeconds: MAX_AGE_SECONDS,
      destinationConfig: { onFailure: { destination: undelivered.arn } },
    });
    for (const [key, topicArn] of Object.entries(props.topics)) {
      const permission = new LambdaPermission(this, `permission-${key}`, {
        functionName: forwarder.functionName,
        action: "lambda:InvokeFunction",
        principal: "sns.amazonaws.com",
        sourceArn: topicArn,
      });
      new SnsTopicSubscription(this, `subscription-${key}`, {
        topicArn,
        protocol: "lambda",
        endpoint: forwarder.arn,
        dependsOn: [permission],
      });
    }
    if (props.emails.length > 0) this.tellByMail(props, undelivered);
  }

  private tellByMail({ name, emails }: AwsTopicForwarderProps, undelivered: SqsQueue): void {
    const topic = new AwsAlarmTopic(this, "mail", { name: `${name}-failed`, emails });
    new CloudwatchMetricAlarm(this, "undelivered-alarm", {
      alarmName: `${name}-undelivered`,
      alarmDescription: `An alarm did not reach the relay and lies in the queue ${name}-undelivered.`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: undelivered.name },
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
}
