import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";

export interface AwsHeartbeatProps {
  readonly name: string;
  /** The message, as JSON text. */
  readonly message: string;
}

/** Publishes one message a day at the start of a road. */
export class AwsHeartbeat extends Construct {
  readonly ruleArn: string;
  private readonly rule: CloudwatchEventRule;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AwsHeartbeatProps,
  ) {
    super(scope, id);
    this.rule = new CloudwatchEventRule(this, "rule", {
      name: props.name,
      description: "A message a day that goes the whole road of alarms",
      scheduleExpression: "rate(1 day)",
    });
    this.ruleArn = this.rule.arn;
  }

  /** The topic's policy names the rule, so the topic comes after it. */
  publishTo(topicArn: string): void {
    new CloudwatchEventTarget(this, "target", { rule: this.rule.name, arn: topicArn, input: this.props.message });
  }
}
