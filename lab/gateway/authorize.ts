import type { ApiModel, Authorizer, Route } from "./api-model";
import { type GatewayCall, headerOf } from "./http";
import { judge, type Policy } from "./policy";
import { type AuthorizerContext, requestContext } from "./proxy-event";

export type Verdict =
  | { readonly is: "allowed"; readonly context: AuthorizerContext }
  | { readonly is: "UNAUTHORIZED" | "ACCESS_DENIED" | "AUTHORIZER_FAILURE" | "AUTHORIZER_CONFIGURATION_ERROR" };

export interface Said {
  readonly principalId: string;
  readonly policyDocument: Policy;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** What authorizers have said, by authorizer and identity sources: the path is no part of it, which is why their policies must fit every method. */
export interface AuthorizerCache {
  readonly entries: Map<string, { readonly said: Said; readonly untilMs: number }>;
  readonly now: () => number;
}

type Invoke = (functionName: string, event: object) => Promise<unknown>;

/**
 * Asks a method's Lambda authorizer, or its cached answer.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
 */
export async function authorize(
  api: ApiModel,
  route: Route,
  call: GatewayCall,
  cache: AuthorizerCache,
  invoke: Invoke,
): Promise<Verdict> {
  const { authorizer } = route;
  if (!authorizer) return { is: "allowed", context: {} };
  const identity = authorizer.identitySources.map((source) => readSource(source, call));
  const missesIdentity = identity.some((value) => value === undefined || value === "");
  const asksForIdentity = authorizer.type === "TOKEN" || authorizer.cacheTtlSeconds > 0;
  if (missesIdentity && asksForIdentity) return { is: "UNAUTHORIZED" };
  const { validationExpression } = authorizer;
  if (
    authorizer.type === "TOKEN" &&
    validationExpression &&
    !new RegExp(`^(?:${validationExpression})$`).test(String(identity[0]))
  )
    return { is: "UNAUTHORIZED" };
  const methodArn = `${api.executionArn}/${api.stage}/${call.httpMethod}${call.path}`;
  const key = JSON.stringify([authorizer.id, ...identity]);
  const kept = cache.entries.get(key);
  const said =
    kept && kept.untilMs > cache.now()
      ? kept.said
      : await ask(authorizer, toEvent(api, route, call, methodArn, String(identity[0])), invoke);
  if (typeof said === "string") return { is: said };
  if (said !== kept?.said && authorizer.cacheTtlSeconds > 0)
    cache.entries.set(key, { said, untilMs: cache.now() + authorizer.cacheTtlSeconds * 1000 });
  if (judge(said.policyDocument, methodArn) !== "allowed") return { is: "ACCESS_DENIED" };
  const context = Object.entries(said.context ?? {}).map(([name, value]) => [name, String(value)]);
  return { is: "allowed", context: { principalId: said.principalId, ...Object.fromEntries(context) } };
}

async function ask(
  { functionName }: Authorizer,
  event: object,
  invoke: Invoke,
): Promise<Said | "UNAUTHORIZED" | "AUTHORIZER_FAILURE" | "AUTHORIZER_CONFIGURATION_ERROR"> {
  try {
    const said = (await invoke(functionName, event)) as Said | null;
    return isSound(said) ? said : "AUTHORIZER_CONFIGURATION_ERROR";
  } catch (error) {
    // The one message that AWS reads.
    return (error as Error).message === "Unauthorized" ? "UNAUTHORIZED" : "AUTHORIZER_FAILURE";
  }
}

/** Its context may hold text, numbers and booleans, and nothing below them. */
function isSound(said: Said | null): said is Said {
  return (
    typeof said?.principalId === "string" &&
    typeof said.policyDocument === "object" &&
    Object.values(said.context ?? {}).every((value) => ["string", "number", "boolean"].includes(typeof value))
  );
}

function toEvent(api: ApiModel, route: Route, call: GatewayCall, methodArn: string, token: string): object {
  if (route.authorizer?.type === "TOKEN") return { type: "TOKEN", authorizationToken: token, methodArn };
  return {
    type: "REQUEST",
    methodArn,
    resource: route.path,
    path: call.path,
    httpMethod: call.httpMethod,
    headers: call.headers,
    multiValueHeaders: call.multiValueHeaders,
    queryStringParameters: call.query,
    multiValueQueryStringParameters: call.multiValueQuery,
    pathParameters: call.pathParameters ?? {},
    stageVariables: call.stageVariables ?? {},
    requestContext: requestContext(api, route, call),
  };
}

function readSource(source: string, call: GatewayCall): string | undefined {
  const [, from, name = ""] =
    /^(method\.request\.(?:header|querystring)|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  switch (from) {
    case "method.request.header":
      return headerOf(call, name);
    case "method.request.querystring":
      return call.query[name];
    case "stageVariables":
      return call.stageVariables?.[name];
    case "context":
      return { "identity.sourceIp": call.caller.sourceIp, httpMethod: call.httpMethod, path: call.path }[name];
    default:
      throw new Error(`the gateway can't read the identity source ${source}`);
  }
}
