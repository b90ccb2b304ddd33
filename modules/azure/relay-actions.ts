/** One action of a workflow, in the language of Logic Apps. @see https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-actions-triggers */
export interface WorkflowAction {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RelayActionsProps {
  readonly relayUrl: string;
  readonly tokenSecretUrl: string;
  readonly headers: { readonly token: string; readonly alarm: string; readonly idempotencyKey: string };
  readonly heartbeat?: Readonly<Record<string, unknown>>;
}

/** @see https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret */
const VAULT_API = "7.4";
/** The vault's resource, for which the workflow's identity gets its own token. */
const VAULT_AUDIENCE = "https://vault.azure.net";

/**
 * Some two hours, as long as OCI's own notifications try: 10 s, doubled up to 15 minutes. It is tried again after 408, 429 and 5xx.
 * @see https://learn.microsoft.com/azure/logic-apps/error-exception-handling#retry-policies
 */
const RETRIES = {
  type: "exponential",
  count: 14,
  interval: "PT10S",
  minimumInterval: "PT5S",
  maximumInterval: "PT15M",
};

/**
 * What a run shows to whoever may look at its history: neither the vault's answer nor the header that is made of it.
 * @see https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app#obfuscate
 */
const SECRET = { secureData: { properties: ["inputs", "outputs"] } };

const ESSENTIALS = "outputs('alarm')?['data']?['essentials']";
const RUN = "workflow()['run']['name']";

/** The alarm (an alert, or the day's heartbeat), the token, the post. */
export function relayActions({ relayUrl, tokenSecretUrl, headers, heartbeat }: RelayActionsProps): WorkflowAction[] {
  return [
    { name: "alarm", body: { type: "Compose", inputs: alarmInputs(heartbeat), runAfter: {} } },
    {
      name: "token",
      body: {
        type: "Http",
        inputs: {
          method: "GET",
          uri: `${tokenSecretUrl}?api-version=${VAULT_API}`,
          authentication: { type: "ManagedServiceIdentity", audience: VAULT_AUDIENCE },
          retryPolicy: RETRIES,
        },
        runAfter: { alarm: ["Succeeded"] },
        runtimeConfiguration: SECRET,
      },
    },
    {
      name: "relay",
      body: {
        type: "Http",
        inputs: {
          method: "POST",
          uri: relayUrl,
          headers: {
            "content-type": "application/json",
            [headers.token]: "@{body('token')?['value']}",
            // Firing and resolved of one rule stay in order; one alert is taken once, its end too.
            [headers.alarm]: `@{coalesce(outputs('alarm')?['alarm'], ${ESSENTIALS}?['alertRule'], 'azure')}`,
            [headers.idempotencyKey]: `@{coalesce(outputs('alarm')?['idempotencyKey'], concat(last(split(coalesce(${ESSENTIALS}?['alertId'], ${RUN}), '/')), ':', coalesce(${ESSENTIALS}?['monitorCondition'], '')))}`,
          },
          body: "@outputs('alarm')",
          retryPolicy: RETRIES,
        },
        runAfter: { token: ["Succeeded"] },
        runtimeConfiguration: SECRET,
        // The relay says 202 when the alarm lies in its queue: that is all, there is nothing to wait for.
        operationOptions: "DisableAsyncPattern",
      },
    },
  ];
}

/** A schedule's trigger has no body. */
function alarmInputs(heartbeat: RelayActionsProps["heartbeat"]): string {
  if (!heartbeat) return "@triggerBody()";
  const text = JSON.stringify(heartbeat).replaceAll("'", "''");
  return `@coalesce(triggerBody(), setProperty(json('${text}'), 'idempotencyKey', concat('azure:heartbeat:', ${RUN})))`;
}
