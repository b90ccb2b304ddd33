import { MonitorMetricAlert } from "@cdktf/provider-azurerm/lib/monitor-metric-alert";
import { Construct } from "constructs";
import { AzureActionGroup } from "./action-group";

export interface AzureWorkflowAlertProps {
  readonly name: string;
  readonly resourceGroupName: string;
  readonly workflowId: string;
  readonly emails: readonly string[];
}

/**
 * Tells by mail that a run of a Logic App failed: an alert did not reach the relay. That road does not lead over it.
 * @see https://learn.microsoft.com/azure/logic-apps/monitor-logic-apps-overview
 */
export class AzureWorkflowAlert extends Construct {
  constructor(scope: Construct, id: string, props: AzureWorkflowAlertProps) {
    super(scope, id);
    const group = new AzureActionGroup(this, "mail", {
      name: props.name,
      shortName: "relay failed",
      resourceGroupName: props.resourceGroupName,
      emails: props.emails,
    });
    new MonitorMetricAlert(this, "alert", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      scopes: [props.workflowId],
      description: "An alert did not reach the relay: the workflow's run history says why, and can run it again.",
      severity: 1,
      frequency: "PT5M",
      windowSize: "PT15M",
      criteria: [
        {
          metricNamespace: "Microsoft.Logic/workflows",
          metricName: "RunsFailed",
          aggregation: "Total",
          operator: "GreaterThan",
          threshold: 0,
        },
      ],
      action: [{ actionGroupId: group.actionGroupId }],
    });
  }
}
