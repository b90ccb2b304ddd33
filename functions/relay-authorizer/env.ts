import { type Environment, required } from "../common/environment";

export interface RelayAuthorizerEnvironment {
  /** ARN of the Secrets Manager secret, or OCID of the Vault secret, whose current and previous version both open the relay. */
  readonly tokenSecretId: string;
}

/** What a stack writes into the function's environment. */
export function relayAuthorizerVariables(environment: RelayAuthorizerEnvironment): Record<string, string> {
  return { TOKEN_SECRET_ID: environment.tokenSecretId };
}

/** @throws {EnvironmentError} naming the variable */
export function parseRelayAuthorizerEnvironment(variables: Environment): RelayAuthorizerEnvironment {
  return { tokenSecretId: required(variables, "TOKEN_SECRET_ID") };
}
