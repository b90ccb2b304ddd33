import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { AwsLambdaFunction } from "./lambda-function";

export interface AwsQueuedFunctionProps {
  /** Name of the function, the queue and the rules' beginning. At most 55 characters. */
  readonly name: string;
  /** Path of the function's zip file. */
  readonly code: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The variable that tells the function its queue's URL. */
  readonly queueVariable: string;
  readonly statements: readonly DataAwsIamPolicyDocumentStatement[];
  readonly timeoutSeconds: number;
  /** With what Terraform calls it at every change of this text, and before the function goes: `tf.action` says which. */
  readonly input: string;
  /** EventBridge patterns whose events call it, by a name. */
  readonly events: Readonly<Record<string, object>>;
  /** `rate(30 minutes)` */
  readonly schedule: string;
  /** Events within this time make one call. 1 to 300. */
  readonly gatherSeconds: number;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (six times the function's timeout) */
const VISIBILITY_TIMEOUTS = 6;

const TRIES = 3;

/**
 * A function that events and a schedule call by way of a queue, so that a hundred events at once are one call or two. What
 * can't be done waits in the dead-letter queue for 14 days.
 */
export class AwsQueuedFunction extends Construct {
  readonly function: AwsLambdaFunction;

  constructor(scope: Construct, id: string, props: AwsQueuedFunctionProps) {
    super(scope, id);
    const dead = new SqsQueue(this, "dead-letters", {
      name: `${props.name}-dead-letters`,
      messageRetentionSeconds: 14 * 86_400,
      sqsManagedSseEnabled: true,
    });
    const queue = new SqsQueue(this, "queue", {
      name: props.name,
      visibilityTimeoutSeconds: VISIBILITY_TIMEOUTS * props.timeoutSeconds,
      sqsManagedSseEnabled: true,
      redrivePolicy: `{"deadLetterTargetArn":"${dead.arn}","maxReceiveCount":${TRIES}}`,
    });
    this.function = new AwsLambdaFunction(this, "function", {
      name: props.name,
      code: props.code,
      environment: { ...props.environment, [props.queueVariable]: queue.url },
      statements: [
        {
          sid: "TakeFromItsQueueAndPutBack",
          actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"],
          resources: [queue.arn],
        },
        ...props.statements,
      ],
      timeoutSeconds: props.timeoutSeconds,
    });
    const invocation = new LambdaInvocation(this, "first-and-last", {
      functionName: this.function.functionName,
      input: props.input,
      lifecycleScope: "CRUD",
      terraformKey: "tf",
    });
    new LambdaEventSourceMapping(this, "mapping", {
      eventSourceArn: queue.arn,
      functionName: this.function.functionName,
      batchSize: 1000,
      maximumBatchingWindowInSeconds: props.gatherSeconds,
      // So it is removed before the function is called for the last time, and nothing undoes what that call does.
      dependsOn: [invocation],
    });
    const rules = Object.entries(props.events).map(([name, pattern]) =>
      this.addRule(props.name, name, { eventPattern: JSON.stringify(pattern) }, queue.arn),
    );
    rules.push(this.addRule(props.name, "schedule", { scheduleExpression: props.schedule }, queue.arn));
    const policy = new DataAwsIamPolicyDocument(this, "senders", {
      statement: [
        {
          sid: "RulesSend",
          actions: ["sqs:SendMessage"],
          resources: [queue.arn],
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
          condition: [{ test: "ArnEquals", variable: "aws:SourceArn", values: rules }],
        },
      ],
    });
    new SqsQueuePolicy(this, "policy", { queueUrl: queue.url, policy: policy.json });
  }

  private addRule(
    prefix: string,
    name: string,
    when: { eventPattern?: string; scheduleExpression?: string },
    queueArn: string,
  ): string {
    const rule = new CloudwatchEventRule(this, `rule-${name}`, { name: `${prefix}-${name}`, ...when });
    // The function looks for itself: the event says no more than that it is time to.
    new CloudwatchEventTarget(this, `target-${name}`, {
      rule: rule.name,
      arn: queueArn,
      input: `{"reason":"${name}"}`,
    });
    return rule.arn;
  }
}
