import { type Environment, EnvironmentError, required } from "../common/environment";

export interface HybridActivationEnvironment {
  /** Has the string key `id`; TTL on `deleteAfter`. */
  readonly tableName: string;
  /** `/kakehashi/demo/servers`: the codes lie below it, one parameter an activation. */
  readonly parameterPath: string;
  /** ARN or id of the key that encrypts them. */
  readonly kmsKeyId: string;
  /** Name of the role that the nodes take on. */
  readonly nodeRole: string;
  /** Nodes an activation, 1 to 1000. */
  readonly registrationLimit: number;
  readonly expiryDays: number;
  readonly renewalMarginHours: number;
  readonly instanceName: string;
  /** Copied by SSM to every node. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What a stack writes into the function's environment. */
export function hybridActivationVariables(environment: HybridActivationEnvironment): Record<string, string> {
  return {
    TABLE_NAME: environment.tableName,
    PARAMETER_PATH: environment.parameterPath,
    KMS_KEY_ID: environment.kmsKeyId,
    NODE_ROLE: environment.nodeRole,
    REGISTRATION_LIMIT: String(environment.registrationLimit),
    EXPIRY_DAYS: String(environment.expiryDays),
    RENEWAL_MARGIN_HOURS: String(environment.renewalMarginHours),
    INSTANCE_NAME: environment.instanceName,
    NODE_TAGS: JSON.stringify(environment.tags),
  };
}

/** @throws {EnvironmentError} naming the variable */
export function parseHybridActivationEnvironment(variables: Environment): HybridActivationEnvironment {
  return {
    tableName: required(variables, "TABLE_NAME"),
    parameterPath: required(variables, "PARAMETER_PATH"),
    kmsKeyId: required(variables, "KMS_KEY_ID"),
    nodeRole: required(variables, "NODE_ROLE"),
    registrationLimit: wholeNumber(variables, "REGISTRATION_LIMIT"),
    expiryDays: wholeNumber(variables, "EXPIRY_DAYS"),
    renewalMarginHours: wholeNumber(variables, "RENEWAL_MARGIN_HOURS"),
    instanceName: required(variables, "INSTANCE_NAME"),
    tags: JSON.parse(required(variables, "NODE_TAGS")),
  };
}

function wholeNumber(variables: Environment, name: string): number {
  const value = Number(required(variables, name));
  if (!Number.isInteger(value) || value < 1) throw new EnvironmentError(`${name}: must be a whole number from 1`);
  return value;
}
