import type { ApiModel } from "./api-model";
import type { HttpAnswer } from "./http";

/** API Gateway's own answers, as they are unless the API says otherwise. Statuses and messages are as AWS documents and sends them. */
const DEFAULTS = {
  ACCESS_DENIED: [
    403,
    "User is not authorized to access this resource with an explicit deny in an identity-based policy",
  ],
  API_CONFIGURATION_ERROR: [500, "Internal server error"],
  AUTHORIZER_CONFIGURATION_ERROR: [500, "Internal server error"],
  AUTHORIZER_FAILURE: [500, "Internal server error"],
  BAD_REQUEST_BODY: [400, "Invalid request body"],
  BAD_REQUEST_PARAMETERS: [400, "Missing required request parameters"],
  INTEGRATION_FAILURE: [504, "Network error communicating with endpoint"],
  INTEGRATION_TIMEOUT: [504, "Endpoint request timed out"],
  MISSING_AUTHENTICATION_TOKEN: [403, "Missing Authentication Token"],
  REQUEST_TOO_LARGE: [413, "Request Too Long"],
  THROTTLED: [429, "Too Many Requests"],
  UNAUTHORIZED: [401, "Unauthorized"],
  UNSUPPORTED_MEDIA_TYPE: [415, "Unsupported Media Type"],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type ResponseType = keyof typeof DEFAULTS | "LAMBDA_FAILURE";

/** What API Gateway answers where a Lambda integration fails: not one of the documented types, and only DEFAULT_5XX changes it. */
const LAMBDA_FAILURE = [502, "Internal server error"] as const;

/**
 * One of the gateway's own answers, with the API's `aws_api_gateway_gateway_response` laid over it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function gatewayAnswer(
  api: ApiModel,
  type: ResponseType,
  requestId: string,
  { message: said, detail }: { message?: string; detail?: string } = {},
): HttpAnswer {
  const [status, text] = type === "LAMBDA_FAILURE" ? LAMBDA_FAILURE : DEFAULTS[type];
  const message = said ?? text;
  const own = api.gatewayResponses.get(type) ?? api.gatewayResponses.get(status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
  const context: Readonly<Record<string, string>> = {
    "$context.error.messageString": JSON.stringify(message),
    "$context.error.validationErrorString": JSON.stringify(detail ?? message),
    "$context.error.responseType": type,
    "$context.error.message": message,
    "$context.requestId": requestId,
  };
  const template = own?.response_templates?.["application/json"] ?? '{"message":$context.error.messageString}';
  const parameters = Object.entries<string>(own?.response_parameters ?? {}).map(([name, value]) => [
    name.replace(/^gatewayresponse\.header\./, ""),
    value.startsWith("'") ? value.slice(1, -1) : fill(value, context),
  ]);
  return {
    status: Number(own?.status_code ?? status),
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": requestId,
      "x-amzn-ErrorType": type,
      ...Object.fromEntries(parameters),
    },
    body: fill(template, context),
  };
}

function fill(template: string, context: Readonly<Record<string, string>>): string {
  return template.replace(/\$context\.[\w.]+\w/g, (name) => context[name] ?? "");
}
