import { LogicAppActionCustom } from "@cdktf/provider-azurerm/lib/logic-app-action-custom";
import { LogicAppTriggerHttpRequest } from "@cdktf/provider-azurerm/lib/logic-app-trigger-http-request";
import { LogicAppTriggerRecurrence } from "@cdktf/provider-azurerm/lib/logic-app-trigger-recurrence";
import { LogicAppWorkflow } from "@cdktf/provider-azurerm/lib/logic-app-workflow";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { relayActions, type WorkflowAction } from "./relay-actions";

export interface AzureRelayWorkflowProps {
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  /** `POST` goes there, the source included. */
  readonly relayUrl: string;
  /** URL of the vault's secret, without a version. */
  readonly tokenSecretUrl: string;
  readonly headers: { readonly token: string; readonly alarm: string; readonly idempotencyKey: string };
  /** What `beatDaily` sends instead of an alert: a JSON object. @default - nothing */
  readonly heartbeat?: Readonly<Record<string, unknown>>;
}

/**
 * A Logic App (Consumption) that posts what an action group hands it to the relay. An action group's own webhook can't carry a
 * header, and a token in its URL would lie readable in the action group and in every log on the way.
 * @see https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-logic-apps
 */
export class AzureRelayWorkflow extends Construct {
  readonly workflowId: string;
  /** Where an action group posts: it holds a signature of its own. */
  readonly callbackUrl: string;
  /** What the vault knows the workflow as. */
  readonly identity: { readonly principalId: string; readonly tenantId: string };
  private readonly actions: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: AzureRelayWorkflowProps) {
    super(scope, id);
    const { name, location, resourceGroupName } = props;
    const workflow = new LogicAppWorkflow(this, "workflow", {
      name,
      location,
      resourceGroupName,
      identity: { type: "SystemAssigned" },
    });
    const trigger = new LogicAppTriggerHttpRequest(this, "alert", {
      name: "alert",
      logicAppId: workflow.id,
      schema: "{}",
    });
    this.actions = this.addActions(workflow.id, relayActions(props));
    this.workflowId = workflow.id;
    this.callbackUrl = trigger.callbackUrl;
    this.identity = { principalId: workflow.identity.principalId, tenantId: workflow.identity.tenantId };
  }

  /** Sends the heartbeat at once and then once a day. @param after what must be there before the first one */
  beatDaily(after: readonly ITerraformDependable[]): void {
    new LogicAppTriggerRecurrence(this, "heartbeat", {
      name: "heartbeat",
      logicAppId: this.workflowId,
      frequency: "Day",
      interval: 1,
      dependsOn: [...this.actions, ...after],
    });
  }

  /** One after the other, in Terraform too: each names the one before it, and Azure refuses a name that it does not know. */
  private addActions(logicAppId: string, actions: readonly WorkflowAction[]): ITerraformDependable[] {
    const made: LogicAppActionCustom[] = [];
    for (const { name, body } of actions) {
      made.push(
        new LogicAppActionCustom(this, `action-${name}`, {
          name,
          logicAppId,
          body: JSON.stringify(body),
          dependsOn: made.slice(-1),
        }),
      );
    }
    return made;
  }
}
