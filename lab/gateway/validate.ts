import Ajv from "ajv";
import type { Route } from "./api-model";
import { type GatewayCall, headerOf } from "./http";

export interface Invalid {
  readonly is: "BAD_REQUEST_PARAMETERS" | "BAD_REQUEST_BODY";
  readonly message?: string;
  readonly detail?: string;
}

/**
 * What a method's request validator refuses.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */
export function validate(route: Route, call: GatewayCall): Invalid | undefined {
  if (route.validatesParameters) {
    const missing = route.requiredParameters.filter((name) => !readParameter(name, call));
    if (missing.length > 0) {
      const names = missing.map((name) => name.replace(/^method\.request\.\w+\./, ""));
      return { is: "BAD_REQUEST_PARAMETERS", message: `Missing required request parameters: [${names.join(", ")}]` };
    }
  }
  return route.validatesBody ? validateBody(route, call) : undefined;
}

/** A content type without a model is not validated, as in AWS. */
function validateBody(route: Route, call: GatewayCall): Invalid | undefined {
  const type = (headerOf(call, "content-type") ?? "application/json").split(";")[0]?.trim() ?? "";
  const schema = route.models[type] ?? route.models.$default;
  if (!schema) return undefined;
  // The models are JSON schema's draft 4, whose common part later drafts read alike.
  const { $schema: _, ...rest } = schema as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  try {
    const body = call.body.length === 0 ? undefined : JSON.parse(call.body.toString("utf8"));
    if (ajv.validate(rest, body)) return undefined;
    return { is: "BAD_REQUEST_BODY", detail: ajv.errorsText() };
  } catch {
    return { is: "BAD_REQUEST_BODY", detail: "Invalid JSON input" };
  }
}

function readParameter(name: string, call: GatewayCall): string | undefined {
  const [, from, key = ""] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(name) ?? [];
  if (from === "header") return headerOf(call, key);
  return from === "path" ? call.pathParameters?.[key] : call.query[key];
}
