import type { APIGatewayProxyEvent } from "aws-lambda";
import type { Request } from "./core";
import { BadRequest } from "./errors";
import { ACTIVATION_ID_PATTERN, ATTEMPT_PATTERN, MACHINE_PATTERN } from "./model";

/** @throws BadRequest The gateway's validator has looked at the body already; a test, or another gateway, may not have. */
export function parseRequest(
  event: Pick<APIGatewayProxyEvent, "body" | "isBase64Encoded" | "requestContext">,
): Request {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? "", "base64").toString("utf8") : (event.body ?? "");
  const body = parseJson(text);
  const rejectedActivationId =
    body.rejectedActivationId === undefined
      ? undefined
      : field(body, "rejectedActivationId", ACTIVATION_ID_PATTERN, "an activation's id");
  return {
    caller: {
      machine: field(body, "machine", MACHINE_PATTERN, "1 to 128 letters, digits and . _ : -"),
      attempt: field(body, "attempt", ATTEMPT_PATTERN, "1 to 64 letters, digits and hyphens"),
      sourceIp: event.requestContext.identity.sourceIp,
      principal: String(event.requestContext.authorizer?.principalId ?? ""),
    },
    rejectedActivationId,
  };
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new BadRequest("the body must be a JSON object");
}

function field(body: Record<string, unknown>, name: string, pattern: string, what: string): string {
  const value = body[name];
  if (typeof value === "string" && new RegExp(pattern).test(value)) return value;
  throw new BadRequest(`${name} must be ${what}`);
}
