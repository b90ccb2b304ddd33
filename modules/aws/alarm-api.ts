import { ApiGatewayAuthorizer } from "@cdktf/provider-aws/lib/api-gateway-authorizer";
import { ApiGatewayGatewayResponse } from "@cdktf/provider-aws/lib/api-gateway-gateway-response";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayModel } from "@cdktf/provider-aws/lib/api-gateway-model";
import { ApiGatewayRequestValidator } from "@cdktf/provider-aws/lib/api-gateway-request-validator";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayRestApiPolicy } from "@cdktf/provider-aws/lib/api-gateway-rest-api-policy";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";
import { AlarmQueueIntegration } from "./alarm-queue-integration";
import { AwsApiStage } from "./api-stage";

export interface AwsAlarmApiProps {
  readonly name: string;
  readonly region: string;
  /** The function that looks at the token. */
  readonly authorizer: { readonly invokeArn: string; readonly functionName: string };
  readonly headers: { readonly token: string; readonly alarm: string; readonly idempotencyKey: string };
  /** What a body must look like: a JSON schema of draft 4. */
  readonly model: object;
  readonly queue: { readonly arn: string; readonly queueName: string };
  /** Who may call at all. Empty: whoever has the token. */
  readonly allow: readonly Cidr[];
}

/** How long an answer about a token is kept: a rotated token that was the last but one closes after it. */
const ANSWER_SECONDS = 60;
/** What `random_password` makes. Anything else is refused without a call of the function. */
const TOKEN_FORM = "^[A-Za-z0-9]{48}$";
const STAGE = "v1";

/** Far above a site's alarms, far below what would cost money: a burst of 200, then ten a second. */
const THROTTLE = { ratePerSecond: 10, burst: 200 };

/**
 * `POST /alarms/{source}`: a regional REST API that writes what it is sent into the queue by itself, after the authorizer has
 * looked at the token and the validator at headers and body.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-rest-api.html
 */
export class AwsAlarmApi extends Construct {
  /** Without the source: `https://….execute-api.….amazonaws.com/v1/alarms`. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: AwsAlarmApiProps) {
    super(scope, id);
    const definition = new Construct(this, "definition");
    const api = new ApiGatewayRestApi(definition, "api", {
      name: props.name,
      description: "Takes alarms of other clouds",
      endpointConfiguration: { types: ["REGIONAL"] },
    });
    const policy = restrict(definition, api, props.allow);
    const method = makeMethod(definition, api, props);
    makeResponses(definition, api);
    const stage = new AwsApiStage(this, "stage", {
      name: props.name,
      stageName: STAGE,
      restApiId: api.id,
      definition,
      after: [...method, ...policy],
      throttle: THROTTLE,
    });
    this.url = `${stage.url}/alarms`;
  }
}

/** With a list: nobody else comes as far as the authorizer. */
function restrict(scope: Construct, api: ApiGatewayRestApi, allow: readonly Cidr[]) {
  if (allow.length === 0) return [];
  const everywhere = {
    actions: ["execute-api:Invoke"],
    resources: [`${api.executionArn}/*`],
    principals: [{ type: "*", identifiers: ["*"] }],
  };
  const document = new DataAwsIamPolicyDocument(scope, "policy", {
    statement: [
      { sid: "LetCallersInWhomTheAuthorizerKnows", ...everywhere },
      {
        sid: "DenyCallersFromElsewhere",
        effect: "Deny",
        ...everywhere,
        condition: [{ test: "NotIpAddress", variable: "aws:SourceIp", values: [...allow] }],
      },
    ],
  });
  return [new ApiGatewayRestApiPolicy(scope, "resource-policy", { restApiId: api.id, policy: document.json })];
}

function makeMethod(scope: Construct, api: ApiGatewayRestApi, props: AwsAlarmApiProps) {
  const { headers } = props;
  const restApiId = api.id;
  const alarms = new ApiGatewayResource(scope, "alarms", {
    restApiId,
    parentId: api.rootResourceId,
    pathPart: "alarms",
  });
  const source = new ApiGatewayResource(scope, "source", { restApiId, parentId: alarms.id, pathPart: "{source}" });
  const model = new ApiGatewayModel(scope, "model", {
    restApiId,
    name: "Alarm",
    contentType: "application/json",
    schema: JSON.stringify(props.model),
  });
  const validator = new ApiGatewayRequestValidator(scope, "validator", {
    restApiId,
    name: "headers-and-body",
    validateRequestBody: true,
    validateRequestParameters: true,
  });
  const method = new ApiGatewayMethod(scope, "post", {
    restApiId,
    resourceId: source.id,
    httpMethod: "POST",
    authorization: "CUSTOM",
    authorizerId: makeAuthorizer(scope, api, props).id,
    requestValidatorId: validator.id,
    requestModels: { "application/json": model.name },
    requestParameters: {
      "method.request.path.source": true,
      [`method.request.header.${headers.alarm}`]: true,
      [`method.request.header.${headers.idempotencyKey}`]: true,
    },
  });
  const integration = new AlarmQueueIntegration(scope, "queue", {
    name: props.name,
    restApiId,
    method,
    region: props.region,
    queue: props.queue,
    headers,
  });
  return [method, ...integration.parts];
}

function makeAuthorizer(scope: Construct, api: ApiGatewayRestApi, props: AwsAlarmApiProps): ApiGatewayAuthorizer {
  const authorizer = new ApiGatewayAuthorizer(scope, "authorizer", {
    restApiId: api.id,
    name: "token",
    type: "TOKEN",
    identitySource: `method.request.header.${props.headers.token}`,
    identityValidationExpression: TOKEN_FORM,
    authorizerUri: props.authorizer.invokeArn,
    authorizerResultTtlInSeconds: ANSWER_SECONDS,
  });
  new LambdaPermission(scope, "authorizer-permission", {
    functionName: props.authorizer.functionName,
    action: "lambda:InvokeFunction",
    principal: "apigateway.amazonaws.com",
    sourceArn: `${api.executionArn}/authorizers/${authorizer.id}`,
  });
  return authorizer;
}

/**
 * Short answers that say what to mend and nothing of what stands behind; a caller that is throttled learns when to come again.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const RESPONSES = [
  { type: "BAD_REQUEST_BODY", status: "400", message: "the body is no alarm" },
  { type: "BAD_REQUEST_PARAMETERS", status: "400", message: "a header is missing" },
  { type: "UNAUTHORIZED", status: "401", message: "the token is missing or malformed" },
  { type: "ACCESS_DENIED", status: "403", message: "the token is not good" },
  { type: "REQUEST_TOO_LARGE", status: "413", message: "the body is too large" },
  { type: "THROTTLED", status: "429", message: "too many at once", retryAfterSeconds: 5 },
  { type: "DEFAULT_5XX", status: "503", message: "try again", retryAfterSeconds: 30 },
] as const;

function makeResponses(scope: Construct, api: ApiGatewayRestApi): void {
  for (const response of RESPONSES) {
    new ApiGatewayGatewayResponse(scope, `response-${response.type}`, {
      restApiId: api.id,
      responseType: response.type,
      statusCode: response.status,
      responseTemplates: { "application/json": JSON.stringify({ message: response.message }) },
      ...("retryAfterSeconds" in response && {
        responseParameters: { "gatewayresponse.header.Retry-After": `'${response.retryAfterSeconds}'` },
      }),
    });
  }
}
