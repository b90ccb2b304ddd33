import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { APIGatewayTokenAuthorizerEvent } from "aws-lambda";
import { decide, parseTokens, type Tokens, type Verdict } from "./core";
import { parseActivationAuthorizerEnvironment } from "./env";

const { secretId } = parseActivationAuthorizerEnvironment(process.env);
const client = new SecretsManagerClient({});

/** A rotation is seen after this long. */
const KEEP_MS = 60_000;
const memory: { tokens?: Tokens; readAtMs: number } = { readAtMs: 0 };

export async function handler(event: APIGatewayTokenAuthorizerEvent): Promise<Verdict> {
  return decide(event.authorizationToken, event.methodArn, await tokens());
}

async function tokens(): Promise<Tokens> {
  if (memory.tokens && Date.now() - memory.readAtMs < KEEP_MS) return memory.tokens;
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  memory.tokens = parseTokens(SecretString);
  memory.readAtMs = Date.now();
  return memory.tokens;
}
