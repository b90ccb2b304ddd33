import type { ApiModel, Integration, Route } from "./api-model";
import { type AuthorizerCache, authorize } from "./authorize";
import { gatewayAnswer } from "./gateway-responses";
import { type GatewayCall, type HttpAnswer, MOST_HEADER_BYTES } from "./http";
import { matchRoute } from "./match-route";
import { judge } from "./policy";
import { type AuthorizerContext, fromProxyResult, toProxyEvent } from "./proxy-event";
import type { Throttle } from "./throttle";
import { validate } from "./validate";

/** What an integration of another kind (`AWS`: SQS, SNS, …) is given; it answers as the caller shall be answered. */
export interface ServiceCall {
  readonly api: ApiModel;
  readonly route: Route;
  readonly integration: Integration;
  readonly call: GatewayCall;
  readonly authorizer: AuthorizerContext;
}

export type ServiceIntegration = (call: ServiceCall) => Promise<HttpAnswer>;

export interface Behind {
  readonly invoke: (functionName: string, event: object) => Promise<unknown>;
  /** By the service's name in the integration's URI, as `sqs`. */
  readonly services: Readonly<Record<string, ServiceIntegration>>;
  readonly cache: AuthorizerCache;
  readonly throttle?: Throttle;
}

/**
 * One call, in the order in which API Gateway does it: resource policy, route, throttling, authorizer, validation, integration.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export async function serve(api: ApiModel, call: GatewayCall, behind: Behind): Promise<HttpAnswer> {
  const answer = (...args: [Parameters<typeof gatewayAnswer>[1], Parameters<typeof gatewayAnswer>[3]?]) =>
    gatewayAnswer(api, args[0], call.requestId, args[1]);
  const methodArn = `${api.executionArn}/${api.stage}/${call.httpMethod}${call.path}`;
  if (!isLetIn(api, call, methodArn)) {
    const message = `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${methodArn}`;
    return answer("ACCESS_DENIED", { message });
  }
  const headerBytes = Object.entries(call.headers).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (headerBytes > MOST_HEADER_BYTES) return answer("REQUEST_TOO_LARGE");
  const found = matchRoute(api.routes, call.httpMethod, call.path);
  if (!found) return answer("MISSING_AUTHENTICATION_TOKEN");
  const { route } = found;
  const routed = { ...call, pathParameters: found.pathParameters };
  if (behind.throttle && !behind.throttle.admit(route)) return answer("THROTTLED");
  const verdict = await authorize(api, route, routed, behind.cache, behind.invoke);
  if (verdict.is !== "allowed") return answer(verdict.is);
  const invalid = validate(route, routed);
  if (invalid) return answer(invalid.is, invalid);
  return integrate(api, route, routed, verdict.context, behind, answer);
}

function isLetIn(api: ApiModel, call: GatewayCall, methodArn: string): boolean {
  if (api.policy === undefined) return true;
  const { sourceIp, vpcEndpointId } = call.caller;
  const context = vpcEndpointId
    ? { "aws:SourceVpce": vpcEndpointId, "aws:VpcSourceIp": sourceIp }
    : { "aws:SourceIp": sourceIp };
  return judge(JSON.parse(api.policy), methodArn, context) === "allowed";
}

async function integrate(
  api: ApiModel,
  route: Route,
  call: GatewayCall,
  authorizer: AuthorizerContext,
  behind: Behind,
  answer: (type: "LAMBDA_FAILURE" | "INTEGRATION_TIMEOUT" | "API_CONFIGURATION_ERROR") => HttpAnswer,
): Promise<HttpAnswer> {
  const { integration } = route;
  const service = behind.services[integration.service ?? ""];
  const work =
    integration.type === "AWS_PROXY" && integration.functionName !== undefined
      ? behind
          .invoke(integration.functionName, toProxyEvent(api, route, call, authorizer))
          .then((result) => fromProxyResult(result) ?? answer("LAMBDA_FAILURE"))
      : service?.({ api, route, integration, call, authorizer });
  // A kind of integration that this gateway does not know, and nobody has brought.
  if (!work) return answer("API_CONFIGURATION_ERROR");
  const timer = { id: undefined as NodeJS.Timeout | undefined };
  const tooLate = new Promise<HttpAnswer>((resolve) => {
    timer.id = setTimeout(() => resolve(answer("INTEGRATION_TIMEOUT")), integration.timeoutMilliseconds);
  });
  try {
    return await Promise.race([work, tooLate]);
  } catch {
    return answer("LAMBDA_FAILURE");
  } finally {
    clearTimeout(timer.id);
  }
}
