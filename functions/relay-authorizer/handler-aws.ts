import type { APIGatewayAuthorizerEvent, APIGatewayAuthorizerResult } from "aws-lambda";
import { awsSecretStore } from "../common/aws-secret-store";
import { logLine } from "../common/log-line";
import { TOKEN_HEADER } from "../common/relay-contract";
import { cacheSecret } from "../common/secret-store";
import { isAllowed, TOKEN_AGE_MS } from "./core";
import { parseRelayAuthorizerEnvironment } from "./env";
import { toPolicy } from "./policy";

const { tokenSecretId } = parseRelayAuthorizerEnvironment(process.env);
const store = awsSecretStore();
const secrets = (["current", "previous"] as const).map((version) =>
  cacheSecret(() => store.read(tokenSecretId, version), Date.now, TOKEN_AGE_MS),
);

/** A Lambda authorizer of either type. Throws where the secret can't be read: API Gateway answers 500 and caches nothing. */
export async function handler(event: APIGatewayAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const isOpen = await isAllowed(tokenOf(event), secrets);
  logLine(isOpen ? "info" : "warn", isOpen ? "token accepted" : "token refused", { method: event.methodArn });
  return toPolicy(event.methodArn, isOpen);
}

function tokenOf(event: APIGatewayAuthorizerEvent): string | undefined {
  if (event.type === "TOKEN") return event.authorizationToken;
  return Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === TOKEN_HEADER)?.[1];
}
