import { type Environment, httpsUrl, required } from "../common/environment";

/** OCI's API Gateway can't write into a queue by itself, as AWS's can: this function stands between. */
export interface RelayIntakeEnvironment {
  /** OCID of the OCI Queue. */
  readonly queueId: string;
  /** The queue's `messages_endpoint`. */
  readonly queueEndpoint: string;
}

/** What a stack writes into the function's environment. */
export function relayIntakeVariables(environment: RelayIntakeEnvironment): Record<string, string> {
  return { QUEUE_ID: environment.queueId, QUEUE_ENDPOINT: environment.queueEndpoint };
}

/** @throws {EnvironmentError} naming the variable */
export function parseRelayIntakeEnvironment(variables: Environment): RelayIntakeEnvironment {
  return { queueId: required(variables, "QUEUE_ID"), queueEndpoint: httpsUrl(variables, "QUEUE_ENDPOINT").href };
}
