import { MonitorActionGroup } from "@cdktf/provider-azurerm/lib/monitor-action-group";
import { Construct } from "constructs";

export interface AzureActionGroupProps {
  readonly name: string;
  /** What a mail begins with; cut to Azure's 12 characters. */
  readonly shortName: string;
  readonly resourceGroupName: string;
  readonly emails: readonly string[];
  /** A Logic App that takes it further. @default - e-mail alone */
  readonly workflow?: { readonly workflowId: string; readonly callbackUrl: string };
}

/** @see https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups */
const SHORT_NAME_LENGTH = 12;

/** Whom Azure's alerts reach, in the common alert schema. */
export class AzureActionGroup extends Construct {
  readonly actionGroupId: string;

  constructor(scope: Construct, id: string, props: AzureActionGroupProps) {
    super(scope, id);
    const { workflow } = props;
    this.actionGroupId = new MonitorActionGroup(this, "group", {
      name: props.name,
      shortName: props.shortName.slice(0, SHORT_NAME_LENGTH),
      resourceGroupName: props.resourceGroupName,
      emailReceiver: props.emails.map((emailAddress) => ({
        name: emailAddress,
        emailAddress,
        useCommonAlertSchema: true,
      })),
      logicAppReceiver: workflow && [
        {
          name: "relay",
          resourceId: workflow.workflowId,
          callbackUrl: workflow.callbackUrl,
          useCommonAlertSchema: true,
        },
      ],
    }).id;
  }
}
