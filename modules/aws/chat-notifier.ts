import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { Construct } from "constructs";
import { AwsLambdaFunction } from "./lambda-function";

export interface AwsChatNotifierProps {
  readonly name: string;
  /** Path of the function's zip. */
  readonly code: string;
  /** What the function's environment says. @param tableName of its memory */
  readonly environment: (tableName: string) => Readonly<Record<string, string>>;
  readonly chatSecretArn: string;
  readonly queueArn: string;
  readonly timeoutSeconds: number;
  readonly vpc: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/** SQS's most for a FIFO queue: a burst becomes few calls, and so few messages. */
const BATCH_SIZE = 10;
/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html (2 is the least) */
const MAX_CONCURRENCY = 2;

/** The function that speaks to the chat server, with the table in which it remembers what it has said. */
export class AwsChatNotifier extends Construct {
  readonly tableArn: string;

  constructor(scope: Construct, id: string, props: AwsChatNotifierProps) {
    super(scope, id);
    const table = new DynamodbTable(this, "memory", {
      name: `${props.name}-memory`,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
      ttl: { attributeName: "expiresAt", enabled: true },
    });
    const notifier = new AwsLambdaFunction(this, "function", {
      name: props.name,
      code: props.code,
      environment: props.environment(table.name),
      timeoutSeconds: props.timeoutSeconds,
      vpc: props.vpc,
      statements: statements(props, table.arn),
    });
    new LambdaEventSourceMapping(this, "mapping", {
      eventSourceArn: props.queueArn,
      functionName: notifier.arn,
      batchSize: BATCH_SIZE,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: MAX_CONCURRENCY },
    });
    this.tableArn = table.arn;
  }
}

function statements(props: AwsChatNotifierProps, tableArn: string): DataAwsIamPolicyDocumentStatement[] {
  return [
    {
      sid: "TakeFromTheQueue",
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
      resources: [props.queueArn],
    },
    { sid: "ReadTheChatsAddress", actions: ["secretsmanager:GetSecretValue"], resources: [props.chatSecretArn] },
    {
      sid: "RememberWhatWasSaid",
      actions: [
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
      ],
      resources: [tableArn],
    },
  ];
}
