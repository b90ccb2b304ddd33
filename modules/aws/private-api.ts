import { ApiGatewayAuthorizer } from "@cdktf/provider-aws/lib/api-gateway-authorizer";
import { ApiGatewayGatewayResponse } from "@cdktf/provider-aws/lib/api-gateway-gateway-response";
import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayModel } from "@cdktf/provider-aws/lib/api-gateway-model";
import { ApiGatewayRequestValidator } from "@cdktf/provider-aws/lib/api-gateway-request-validator";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayRestApiPolicy } from "@cdktf/provider-aws/lib/api-gateway-rest-api-policy";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { VpcEndpointPolicy } from "@cdktf/provider-aws/lib/vpc-endpoint-policy";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";
import { AwsApiStage, type AwsApiStageProps } from "./api-stage";

/** A Lambda function, as API Gateway calls it. */
export interface InvokedFunction {
  readonly functionName: string;
  readonly invokeArn: string;
}

export interface AwsPrivateApiProps {
  readonly name: string;
  readonly endpointId: string;
  /** Source addresses that are let in, as the endpoint sees them. */
  readonly allowedPrefixes: readonly Cidr[];
  /** One segment: `activations`. */
  readonly path: string;
  readonly methods: readonly ("GET" | "POST")[];
  /** JSON schema, draft 4, of what is POSTed. */
  readonly model: { readonly name: string; readonly schema: object };
  /** Answers every method. */
  readonly handler: InvokedFunction;
  /** Decides by the header `Authorization`. @default - nobody is asked for a token */
  readonly authorizer?: InvokedFunction;
  readonly stageName: string;
  readonly throttle: AwsApiStageProps["throttle"];
}

/** How long API Gateway keeps an authorizer's answer: a withdrawn token works for as long. */
const AUTHORIZER_TTL_SECONDS = 300;

/** A REST API that is reached through one interface endpoint only, one Lambda function behind it. */
export class AwsPrivateApi extends Construct {
  readonly apiId: string;

  constructor(scope: Construct, id: string, props: AwsPrivateApiProps) {
    super(scope, id);
    const definition = new Construct(this, "definition");
    const api = new ApiGatewayRestApi(definition, "api", {
      name: props.name,
      endpointConfiguration: { types: ["PRIVATE"], vpcEndpointIds: [props.endpointId] },
    });
    const policy = restrict(definition, api, props);
    const methods = makeMethods(definition, api, props);
    const responses = makeResponses(definition, api);
    new LambdaPermission(this, "invoke", {
      functionName: props.handler.functionName,
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      sourceArn: `${api.executionArn}/*/*/${props.path}`,
    });
    new AwsApiStage(this, "stage", {
      name: props.name,
      stageName: props.stageName,
      restApiId: api.id,
      definition,
      after: [policy, ...methods, ...responses],
      throttle: props.throttle,
    });
    this.apiId = api.id;
  }
}

/** Over that endpoint to this API, from the site's prefixes, and nothing else; a private API without a policy lets nobody in. */
function restrict(scope: Construct, api: ApiGatewayRestApi, { endpointId, allowedPrefixes }: AwsPrivateApiProps) {
  const everyone = [{ type: "*", identifiers: ["*"] }];
  const invoke = { actions: ["execute-api:Invoke"], principals: everyone, resources: [`${api.executionArn}/*`] };
  const document = new DataAwsIamPolicyDocument(scope, "api-policy", {
    statement: [
      {
        sid: "FromTheSiteThroughItsEndpoint",
        ...invoke,
        condition: [
          { test: "StringEquals", variable: "aws:SourceVpce", values: [endpointId] },
          { test: "IpAddress", variable: "aws:VpcSourceIp", values: [...allowedPrefixes] },
        ],
      },
    ],
  });
  const only = new DataAwsIamPolicyDocument(scope, "endpoint-policy-document", {
    statement: [{ sid: "OnlyThisApi", ...invoke }],
  });
  new VpcEndpointPolicy(scope, "endpoint-policy", { vpcEndpointId: endpointId, policy: only.json });
  return new ApiGatewayRestApiPolicy(scope, "policy", { restApiId: api.id, policy: document.json });
}

function makeMethods(scope: Construct, api: ApiGatewayRestApi, props: AwsPrivateApiProps) {
  const restApiId = api.id;
  const resource = new ApiGatewayResource(scope, "resource", {
    restApiId,
    parentId: api.rootResourceId,
    pathPart: props.path,
  });
  const authorizerId = props.authorizer && makeAuthorizer(scope, api, props.name, props.authorizer).id;
  const validator = new ApiGatewayRequestValidator(scope, "validator", {
    restApiId,
    name: "body",
    validateRequestBody: true,
  });
  const model = new ApiGatewayModel(scope, "model", {
    restApiId,
    name: props.model.name,
    contentType: "application/json",
    schema: JSON.stringify(props.model.schema),
  });
  return props.methods.flatMap((httpMethod) => {
    const method = new ApiGatewayMethod(scope, `${httpMethod}-method`, {
      restApiId,
      resourceId: resource.id,
      httpMethod,
      ...(authorizerId ? { authorization: "CUSTOM", authorizerId } : { authorization: "NONE" }),
      ...(httpMethod === "POST"
        ? { requestValidatorId: validator.id, requestModels: { "application/json": model.name } }
        : {}),
    });
    const integration = new ApiGatewayIntegration(scope, `${httpMethod}-integration`, {
      restApiId,
      resourceId: resource.id,
      httpMethod: method.httpMethod,
      type: "AWS_PROXY",
      // Lambda's own API takes POST, whatever the caller's method is.
      integrationHttpMethod: "POST",
      uri: props.handler.invokeArn,
    });
    return [method, integration];
  });
}

function makeAuthorizer(scope: Construct, api: ApiGatewayRestApi, name: string, authorizer: InvokedFunction) {
  const made = new ApiGatewayAuthorizer(scope, "authorizer", {
    restApiId: api.id,
    name,
    type: "TOKEN",
    authorizerUri: authorizer.invokeArn,
    identitySource: "method.request.header.Authorization",
    // What can't be a token costs no call of the function.
    identityValidationExpression: "^Bearer [-A-Za-z0-9._~+/]{32,512}=*$",
    authorizerResultTtlInSeconds: AUTHORIZER_TTL_SECONDS,
  });
  new LambdaPermission(scope, "ask", {
    functionName: authorizer.functionName,
    action: "lambda:InvokeFunction",
    principal: "apigateway.amazonaws.com",
    sourceArn: `${api.executionArn}/authorizers/${made.id}`,
  });
  return made;
}

/**
 * What the gateway itself says: how to ask, and when to ask again. The challenge is that of RFC 6750, section 3.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const RESPONSES = [
  { type: "UNAUTHORIZED", status: "401", header: "WWW-Authenticate", value: "Bearer" },
  { type: "THROTTLED", status: "429", header: "Retry-After", value: "5" },
  { type: "DEFAULT_5XX", status: "503", header: "Retry-After", value: "30" },
] as const;

function makeResponses(scope: Construct, api: ApiGatewayRestApi): ApiGatewayGatewayResponse[] {
  return RESPONSES.map(
    ({ type, status, header, value }) =>
      new ApiGatewayGatewayResponse(scope, `response-${type}`, {
        restApiId: api.id,
        responseType: type,
        statusCode: status,
        responseParameters: { [`gatewayresponse.header.${header}`]: `'${value}'` },
      }),
  );
}
