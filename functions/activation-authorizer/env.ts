import { type Environment, required } from "../common/environment";

export interface ActivationAuthorizerEnvironment {
  /** ARN of the Secrets Manager secret: JSON with `current` and, after a rotation, `previous`. */
  readonly secretId: string;
}

/** What a stack writes into the function's environment. */
export function activationAuthorizerVariables({ secretId }: ActivationAuthorizerEnvironment): Record<string, string> {
  return { SECRET_ID: secretId };
}

/** @throws {EnvironmentError} naming the variable */
export function parseActivationAuthorizerEnvironment(variables: Environment): ActivationAuthorizerEnvironment {
  return { secretId: required(variables, "SECRET_ID") };
}
