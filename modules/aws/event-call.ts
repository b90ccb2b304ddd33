import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import type { AwsLambdaFunction } from "./lambda-function";

export interface AwsEventCallProps {
  /** The rule's name. At most 64 characters. */
  readonly name: string;
  readonly description: string;
  /** `rate(1 minute)`, or an event's pattern. */
  readonly when: { readonly scheduleExpression: string } | { readonly pattern: object };
  readonly call: AwsLambdaFunction;
}

/** An EventBridge rule that calls a function. */
export class AwsEventCall extends Construct {
  constructor(scope: Construct, id: string, { name, description, when, call }: AwsEventCallProps) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, "rule", {
      name,
      description,
      ...("pattern" in when ? { eventPattern: JSON.stringify(when.pattern) } : when),
    });
    const permission = new LambdaPermission(this, "permission", {
      functionName: call.functionName,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(this, "target", { rule: rule.name, arn: call.arn, dependsOn: [permission] });
  }
}
