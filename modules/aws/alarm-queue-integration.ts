import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayIntegrationResponse } from "@cdktf/provider-aws/lib/api-gateway-integration-response";
import type { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayMethodResponse } from "@cdktf/provider-aws/lib/api-gateway-method-response";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { accountId, partition } from "./account";

export interface AlarmQueueIntegrationProps {
  readonly name: string;
  readonly restApiId: string;
  readonly method: ApiGatewayMethod;
  readonly region: string;
  readonly queue: { readonly arn: string; readonly queueName: string };
  readonly headers: { readonly alarm: string; readonly idempotencyKey: string };
}

/** Everything that comes from outside is encoded: a value can't become a parameter of SQS's. */
const parameter = (name: string, expression: string) => `${name}=$util.urlEncode(${expression})`;

/** What SQS answered decides: taken, wrong for good, or to be tried again. */
const ANSWERS = [
  { status: "202", message: "queued", pattern: undefined },
  { status: "400", message: "the queue does not take it: a header or the body is too long", pattern: "4\\d{2}" },
  { status: "503", message: "try again", pattern: "5\\d{2}" },
] as const;

/**
 * API Gateway sends the body to a FIFO queue by itself: no function stands between that could fail.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export class AlarmQueueIntegration extends Construct {
  /** What a deployment comes after. */
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: AlarmQueueIntegrationProps) {
    super(scope, id);
    const { restApiId, method } = props;
    const place = { restApiId, resourceId: method.resourceId, httpMethod: method.httpMethod };
    const integration = new ApiGatewayIntegration(this, "integration", {
      ...place,
      type: "AWS",
      integrationHttpMethod: "POST",
      uri: `arn:${partition(this)}:apigateway:${props.region}:sqs:path/${accountId(this)}/${props.queue.queueName}`,
      credentials: this.makeRole(props).arn,
      // Nothing but JSON: it is what the model can look at.
      passthroughBehavior: "NEVER",
      requestParameters: { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" },
      requestTemplates: { "application/json": toMessage(props) },
    });
    const answers = ANSWERS.flatMap(({ status, message, pattern }) => {
      const response = new ApiGatewayMethodResponse(this, `method-${status}`, { ...place, statusCode: status });
      return [
        response,
        new ApiGatewayIntegrationResponse(this, `answer-${status}`, {
          ...place,
          statusCode: response.statusCode,
          selectionPattern: pattern,
          responseTemplates: { "application/json": JSON.stringify({ message }) },
          dependsOn: [integration],
        }),
      ];
    });
    this.parts = [integration, ...answers];
  }

  private makeRole({ name, queue }: AlarmQueueIntegrationProps): IamRole {
    const trust = new DataAwsIamPolicyDocument(this, "trust", {
      statement: [
        {
          sid: "LetTheApiSend",
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: ["apigateway.amazonaws.com"] }],
        },
      ],
    });
    const role = new IamRole(this, "role", { name: `${name}-api`, assumeRolePolicy: trust.json });
    const permissions = new DataAwsIamPolicyDocument(this, "permissions", {
      statement: [{ sid: "SendToTheQueue", actions: ["sqs:SendMessage"], resources: [queue.arn] }],
    });
    new IamRolePolicy(this, "policy", { name: `${name}-api`, role: role.id, policy: permissions.json });
    return role;
  }
}

function toMessage({ headers }: AlarmQueueIntegrationProps): string {
  return [
    "Action=SendMessage",
    parameter("MessageGroupId", `$input.params('${headers.alarm}')`),
    parameter("MessageDeduplicationId", `$input.params('${headers.idempotencyKey}')`),
    "MessageAttribute.1.Name=source",
    "MessageAttribute.1.Value.DataType=String",
    parameter("MessageAttribute.1.Value.StringValue", "$input.params('source')"),
    parameter("MessageBody", "$input.body"),
  ].join("&");
}
