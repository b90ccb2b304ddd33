import { render } from "velocityjs";
import type { HttpAnswer } from "../gateway/http";
import type { ServiceCall, ServiceIntegration } from "../gateway/serve";

/** The gateway signs as the integration's role. The emulator verifies nothing, but reads the service's name from it. */
const ROLE =
  "AWS4-HMAC-SHA256 Credential=testing/20260101/ap-northeast-1/sqs/aws4_request, SignedHeaders=host, Signature=0";

/**
 * An integration of type `AWS` with SQS: renders the request's mapping template, calls the queue's own HTTP API with it, and
 * answers by the integration response whose pattern fits.
 * @param endpoint of the emulator
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function queueIntegration(endpoint: string): ServiceIntegration {
  return async (service) => {
    const { block } = service.integration;
    const path = /:sqs:path(\/.*)$/.exec(block.uri)?.[1];
    const template: string | undefined = block.request_templates?.["application/json"];
    if (!path || template === undefined)
      return { status: 415, headers: {}, body: '{"message":"Unsupported Media Type"}' };
    const answer = await fetch(`${endpoint}${path}`, {
      method: block.integration_http_method,
      headers: { ...constantHeaders(block.request_parameters), authorization: ROLE },
      body: render(template, mappingContext(service)),
    });
    await answer.text();
    return toAnswer(service, answer.status);
  };
}

function mappingContext({ call }: ServiceCall): object {
  const header = (name: string) =>
    Object.entries(call.headers).find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];
  return {
    input: {
      body: call.body.toString("utf8"),
      params: (name: string) => call.pathParameters?.[name] ?? call.query[name] ?? header(name) ?? "",
    },
    util: { urlEncode: (text: unknown) => encodeURIComponent(String(text)) },
  };
}

/** `'value'` is how API Gateway writes a constant. */
function constantHeaders(parameters: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => {
      const header = /^integration\.request\.header\.(.+)$/.exec(name)?.[1];
      return header && /^'.*'$/.test(value) ? [[header, value.slice(1, -1)]] : [];
    }),
  );
}

function toAnswer({ integration }: ServiceCall, status: number): HttpAnswer {
  const answers = integration.responses.filter(({ response_templates }) => response_templates !== undefined);
  const fitting = answers.find(
    ({ selection_pattern: pattern }) => pattern && new RegExp(`^(?:${pattern})$`).test(String(status)),
  );
  const chosen = fitting ?? answers.find(({ selection_pattern: pattern }) => !pattern);
  return {
    status: Number(chosen?.status_code ?? 500),
    headers: { "Content-Type": "application/json" },
    body: chosen?.response_templates["application/json"] ?? '{"message":"Internal server error"}',
  };
}
