import { type Environment, oneOf, required } from "../common/environment";

export const CHAT_TYPES = ["mattermost", "rocketchat", "slack", "teams", "zulip", "matrix", "json"] as const;

export type ChatType = (typeof CHAT_TYPES)[number];

export const CHAT_LANGUAGES = ["en", "ja"] as const;

export type ChatLanguage = (typeof CHAT_LANGUAGES)[number];

/** The metric that each heartbeat's arrival in the chat counts, with the dimensions Site and Alarm (the road's name). */
export const HEARTBEAT_METRIC = "HeartbeatDelivered";

export interface ChatNotifierEnvironment {
  readonly site: string;
  readonly language: ChatLanguage;
  readonly chatType: ChatType;
  /**
   * Where the chat's address lies: ARN of a Secrets Manager secret, or OCID of a Vault secret. Its value is JSON:
   * `{"url": "https://…", "token": "…", "channel": "…"}`; what each server wants in them says its file in chats/.
   */
  readonly chatSecretId: string;
  /** Certificates in PEM that the chat server's own is signed by. @default - the public authorities of Node.js */
  readonly chatCa?: string;
  /**
   * DynamoDB table with the string key `id` and the time-to-live attribute `expiresAt` (seconds since the epoch).
   * @default - none: what was said is remembered only while the function stays warm (OCI)
   */
  readonly stateTable?: string;
  /** Namespace of HEARTBEAT_METRIC, written through the function's log, so that no way to CloudWatch is needed. */
  readonly heartbeatMetricNamespace: string;
}

/** What a stack writes into the function's environment. */
export function chatNotifierVariables(environment: ChatNotifierEnvironment): Record<string, string> {
  return {
    SITE: environment.site,
    LANGUAGE: environment.language,
    CHAT_TYPE: environment.chatType,
    CHAT_SECRET_ID: environment.chatSecretId,
    ...(environment.chatCa ? { CHAT_CA: environment.chatCa } : {}),
    ...(environment.stateTable ? { STATE_TABLE: environment.stateTable } : {}),
    HEARTBEAT_METRIC_NAMESPACE: environment.heartbeatMetricNamespace,
  };
}

/** @throws {EnvironmentError} naming the variable */
export function parseChatNotifierEnvironment(variables: Environment): ChatNotifierEnvironment {
  return {
    site: required(variables, "SITE"),
    language: oneOf(variables, "LANGUAGE", CHAT_LANGUAGES),
    chatType: oneOf(variables, "CHAT_TYPE", CHAT_TYPES),
    chatSecretId: required(variables, "CHAT_SECRET_ID"),
    chatCa: variables.CHAT_CA || undefined,
    stateTable: variables.STATE_TABLE || undefined,
    heartbeatMetricNamespace: required(variables, "HEARTBEAT_METRIC_NAMESPACE"),
  };
}
