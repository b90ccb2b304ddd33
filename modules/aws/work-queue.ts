import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { SqsQueueRedriveAllowPolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy";
import { Fn } from "cdktf";
import { Construct } from "constructs";

export interface AwsWorkQueueProps {
  /** At most 80 characters. */
  readonly name: string;
  /** What is received too often goes there. */
  readonly deadLetterName: string;
  /** Of both queues. 1 to 14. */
  readonly retentionDays: number;
  /** For how long a received message is out of sight. At most 43200. */
  readonly visibilitySeconds: number;
  /** How often a message is received before it goes to the other queue. 1 to 1000. */
  readonly maxReceives: number;
}

const DAY_SECONDS = 86_400;

/** A standard queue and its dead-letter queue: encrypted, and for callers with TLS only. */
export class AwsWorkQueue extends Construct {
  readonly arn: string;
  readonly url: string;
  readonly deadLetterUrl: string;

  constructor(scope: Construct, id: string, props: AwsWorkQueueProps) {
    super(scope, id);
    const retention = { messageRetentionSeconds: props.retentionDays * DAY_SECONDS, sqsManagedSseEnabled: true };
    // Its clock starts when a message was first sent, not when it died: it needs the longest that there is.
    const dead = new SqsQueue(this, "dead", {
      ...retention,
      name: props.deadLetterName,
      messageRetentionSeconds: 14 * DAY_SECONDS,
    });
    const queue = new SqsQueue(this, "queue", {
      ...retention,
      name: props.name,
      visibilityTimeoutSeconds: props.visibilitySeconds,
      receiveWaitTimeSeconds: 20,
      redrivePolicy: Fn.jsonencode({ deadLetterTargetArn: dead.arn, maxReceiveCount: props.maxReceives }),
    });
    new SqsQueueRedriveAllowPolicy(this, "dead-letters", {
      queueUrl: dead.url,
      redriveAllowPolicy: Fn.jsonencode({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
    });
    this.refusePlainHttp("queue-policy", queue);
    this.refusePlainHttp("dead-policy", dead);
    this.arn = queue.arn;
    this.url = queue.url;
    this.deadLetterUrl = dead.url;
  }

  private refusePlainHttp(id: string, queue: SqsQueue): void {
    const document = new DataAwsIamPolicyDocument(this, `${id}-document`, {
      statement: [
        {
          sid: "RefusePlainHttp",
          effect: "Deny",
          actions: ["sqs:*"],
          resources: [queue.arn],
          principals: [{ type: "*", identifiers: ["*"] }],
          condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    });
    new SqsQueuePolicy(this, id, { queueUrl: queue.url, policy: document.json });
  }
}
