import type { ApiModel, Route } from "./api-model";
import { type GatewayCall, type HttpAnswer, headerOf } from "./http";
import { ACCOUNT_ID } from "./references";

/** What an authorizer said of a caller: flat, every value as text. */
export type AuthorizerContext = Readonly<Record<string, string>>;

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
export function toProxyEvent(api: ApiModel, route: Route, call: GatewayCall, authorizer?: AuthorizerContext): object {
  const isBinary = call.body.length > 0 && !isText(call.body);
  return {
    resource: route.path,
    path: call.path,
    httpMethod: call.httpMethod,
    headers: call.headers,
    multiValueHeaders: call.multiValueHeaders,
    queryStringParameters: orNull(call.query),
    multiValueQueryStringParameters: orNull(call.multiValueQuery),
    pathParameters: call.pathParameters,
    stageVariables: call.stageVariables,
    requestContext: { ...requestContext(api, route, call), ...(authorizer ? { authorizer } : {}) },
    body: call.body.length === 0 ? null : call.body.toString(isBinary ? "base64" : "utf8"),
    isBase64Encoded: isBinary,
  };
}

export function requestContext(api: ApiModel, route: Route, call: GatewayCall): object {
  return {
    accountId: ACCOUNT_ID,
    apiId: api.id,
    stage: api.stage,
    resourceId: route.resourceId,
    resourcePath: route.path,
    httpMethod: call.httpMethod,
    path: `/${api.stage}${call.path}`,
    protocol: "HTTP/1.1",
    requestId: call.requestId,
    identity: {
      sourceIp: call.caller.sourceIp,
      userAgent: headerOf(call, "user-agent") ?? null,
      ...(call.caller.vpcEndpointId ? { vpceId: call.caller.vpcEndpointId } : {}),
    },
  };
}

/**
 * A function's answer as the caller gets it.
 * @returns undefined where API Gateway calls it malformed
 */
export function fromProxyResult(result: unknown): HttpAnswer | undefined {
  if (typeof result !== "object" || result === null) return undefined;
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = result as Record<string, unknown>;
  if (!Number.isInteger(Number(statusCode)) || statusCode === null || statusCode === undefined) return undefined;
  if (body !== undefined && body !== null && typeof body !== "string") return undefined;
  return {
    status: Number(statusCode),
    headers: {
      "Content-Type": "application/json",
      ...(headers as Record<string, string> | undefined),
      ...(multiValueHeaders as Record<string, string[]> | undefined),
    },
    body: isBase64Encoded === true ? Buffer.from(body ?? "", "base64") : (body ?? ""),
  };
}

function isText(body: Buffer): boolean {
  return Buffer.from(body.toString("utf8"), "utf8").equals(body);
}

function orNull<T extends object>(value: T): T | null {
  return Object.keys(value).length === 0 ? null : value;
}
