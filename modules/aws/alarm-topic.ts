import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { accountId } from "./account";

export interface AwsAlarmTopicProps {
  readonly name: string;
  /** Each address gets one mail that asks for confirmation, and nothing before it has confirmed. */
  readonly emails: readonly string[];
  /** ARN of the rule that may publish heartbeats. @default - none */
  readonly heartbeatRuleArn?: string;
}

/** A message that holds its own kind is a heartbeat: it is for the road, not for people's mailboxes. */
const NO_HEARTBEATS = JSON.stringify({ kind: [{ exists: false }] });

/**
 * The SNS topic at the start of a road. Not encrypted by a KMS key: with AWS's own key CloudWatch could not publish, and a
 * key of one's own costs money to hide "a tunnel is down".
 */
export class AwsAlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AwsAlarmTopicProps) {
    super(scope, id);
    const topic = new SnsTopic(this, "topic", { name: props.name });
    this.arn = topic.arn;
    const account = { test: "StringEquals", variable: "aws:SourceAccount", values: [accountId(this)] };
    const policy = new DataAwsIamPolicyDocument(this, "policy", {
      statement: [
        {
          sid: "LetOwnAlarmsPublish",
          actions: ["sns:Publish"],
          resources: [topic.arn],
          principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
          condition: [account],
        },
        ...(props.heartbeatRuleArn
          ? [
              {
                sid: "LetTheHeartbeatPublish",
                actions: ["sns:Publish"],
                resources: [topic.arn],
                principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
                condition: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [props.heartbeatRuleArn] }],
              },
            ]
          : []),
      ],
    });
    new SnsTopicPolicy(this, "topic-policy", { arn: topic.arn, policy: policy.json });
    for (const email of props.emails) {
      new SnsTopicSubscription(this, `email-${email}`, {
        topicArn: topic.arn,
        protocol: "email",
        endpoint: email,
        filterPolicyScope: "MessageBody",
        filterPolicy: NO_HEARTBEATS,
      });
    }
  }
}
