import { type Environment, httpsUrl, oneOf, required } from "../common/environment";
import { ALARM_SOURCES, type AlarmSource } from "../common/relay-contract";

export { ALARM_HEADER, IDEMPOTENCY_HEADER, MAX_ALARM_BYTES, RELAY_MODEL, TOKEN_HEADER } from "../common/relay-contract";

export interface AlarmForwarderEnvironment {
  /** The relay's `POST /alarms`, without the source: `https://….amazonaws.com/v1/alarms`. */
  readonly relayUrl: string;
  /** The cloud whose alarms this forwarder takes. */
  readonly source: AlarmSource;
  /** Where the relay's token lies: ARN of a Secrets Manager secret, or OCID of a Vault secret. Its value is the token alone. */
  readonly tokenSecretId: string;
  readonly site: string;
}

/** What a stack writes into the function's environment. */
export function alarmForwarderVariables(environment: AlarmForwarderEnvironment): Record<string, string> {
  return {
    RELAY_URL: environment.relayUrl,
    SOURCE: environment.source,
    TOKEN_SECRET_ID: environment.tokenSecretId,
    SITE: environment.site,
  };
}

/** @throws {EnvironmentError} naming the variable */
export function parseAlarmForwarderEnvironment(variables: Environment): AlarmForwarderEnvironment {
  return {
    relayUrl: httpsUrl(variables, "RELAY_URL").href,
    source: oneOf(variables, "SOURCE", ALARM_SOURCES),
    tokenSecretId: required(variables, "TOKEN_SECRET_ID"),
    site: required(variables, "SITE"),
  };
}
