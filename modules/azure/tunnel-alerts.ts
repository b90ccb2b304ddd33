import { MonitorMetricAlert } from "@cdktf/provider-azurerm/lib/monitor-metric-alert";
import { Construct } from "constructs";

export interface AzureTunnelAlertsProps {
  /** The alerts' names begin with it. */
  readonly name: string;
  readonly resourceGroupName: string;
  readonly gatewayId: string;
  /** As Azure calls the connection. */
  readonly connectionName: string;
  /** What the alerts say. */
  readonly texts: { readonly anyDown: string; readonly allDown: string };
  readonly actionGroupId: string;
  /** How long nothing must come through. */
  readonly windowMinutes: 15 | 30 | 60;
}

/**
 * Azure's names for the two instances of a gateway, which carry tunnel 1 and tunnel 2.
 * @see https://learn.microsoft.com/azure/vpn-gateway/monitor-vpn-gateway-reference
 */
export const GATEWAY_INSTANCES = ["GatewayTenantWorker_IN_0", "GatewayTenantWorker_IN_1"] as const;

const WINDOWS = { 15: "PT15M", 30: "PT30M", 60: "PT1H" } as const;
/** The metric's grain: looking more often shows nothing new. */
const FREQUENCY = "PT5M";
const CRITICAL = 0;
const WARNING = 2;

/**
 * Two alerts on one connection. Azure has no metric of a tunnel's state; bytes that come in from the controller stand in for it,
 * by instance (one tunnel) and over both. The controller's BGP or probes send through both tunnels all the time.
 * @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-howto-setup-alerts-virtual-network-gateway-metric
 */
export class AzureTunnelAlerts extends Construct {
  constructor(scope: Construct, id: string, props: AzureTunnelAlertsProps) {
    super(scope, id);
    const connection = { name: "ConnectionName", operator: "Include", values: [props.connectionName] };
    const instance = { name: "Instance", operator: "Include", values: [...GATEWAY_INSTANCES] };
    this.makeAlert(props, "any-down", WARNING, props.texts.anyDown, [connection, instance]);
    this.makeAlert(props, "all-down", CRITICAL, props.texts.allDown, [connection]);
  }

  private makeAlert(
    props: AzureTunnelAlertsProps,
    kind: string,
    severity: number,
    description: string,
    dimension: { name: string; operator: string; values: string[] }[],
  ): void {
    new MonitorMetricAlert(this, kind, {
      name: `${props.name}-${kind}`,
      resourceGroupName: props.resourceGroupName,
      scopes: [props.gatewayId],
      description,
      severity,
      frequency: FREQUENCY,
      windowSize: WINDOWS[props.windowMinutes],
      // Says when it is over, too.
      autoMitigate: true,
      criteria: [
        {
          metricNamespace: "Microsoft.Network/virtualNetworkGateways",
          metricName: "TunnelIngressBytes",
          aggregation: "Total",
          operator: "LessThan",
          threshold: 1,
          dimension,
        },
      ],
      action: [{ actionGroupId: props.actionGroupId }],
    });
  }
}
