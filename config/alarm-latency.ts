import type { Cloud } from "./proposals";

/** One cause of delay between a tunnel's fall and the message, in minutes. */
export interface Delay {
  readonly what: string;
  readonly leastMinutes: number;
  readonly mostMinutes: number;
}

/**
 * AWS's own recipe counts TunnelState in periods of five minutes; how often it is published is not promised.
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-cloudwatch-vpn.html
 */
export const AWS_PERIOD_MINUTES = 5;

/**
 * OCI waits for late data before it judges a minute; three is the least.
 * @see https://registry.terraform.io/providers/oracle/oci/latest/docs/resources/monitoring_alarm (evaluation_slack_duration)
 */
export const ORACLE_SLACK_MINUTES = 3;

/**
 * The grain of every metric of a VPN gateway.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-network-virtualnetworkgateways-metrics
 */
export const AZURE_GRAIN_MINUTES = 5;

/** @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/monitor_metric_alert (window_size) */
const AZURE_WINDOWS = [15, 30, 60] as const;

/** How many periods must be down, one after the other. */
export function awsPeriods(pendingMinutes: number): number {
  return Math.ceil(pendingMinutes / AWS_PERIOD_MINUTES);
}

/** The window that a metric alert looks at; it must be longer than the five minutes between two looks. */
export function azureWindowMinutes(pendingMinutes: number): 15 | 30 | 60 {
  return AZURE_WINDOWS.find((window) => window >= pendingMinutes) ?? 60;
}

/** What stands between a tunnel's fall and the cloud's notification. */
export function detectionDelays(cloud: Cloud, pendingMinutes: number): readonly Delay[] {
  switch (cloud) {
    case "aws": {
      const minutes = awsPeriods(pendingMinutes) * AWS_PERIOD_MINUTES;
      return [
        { what: "the rest of the period in which it fell", leastMinutes: 0, mostMinutes: AWS_PERIOD_MINUTES },
        { what: `${minutes / AWS_PERIOD_MINUTES} periods of 5 minutes`, leastMinutes: minutes, mostMinutes: minutes },
        { what: "data that comes late, the alarm's own turn", leastMinutes: 0, mostMinutes: 2 },
      ];
    }
    case "oracle":
      return [
        { what: "the rest of the minute in which it fell", leastMinutes: 0, mostMinutes: 1 },
        { what: "pending duration", leastMinutes: pendingMinutes, mostMinutes: pendingMinutes },
        { what: "slack for late data", leastMinutes: ORACLE_SLACK_MINUTES, mostMinutes: ORACLE_SLACK_MINUTES },
      ];
    case "azure": {
      const window = azureWindowMinutes(pendingMinutes);
      return [
        { what: "a window without traffic", leastMinutes: window, mostMinutes: window },
        { what: "the metric's grain", leastMinutes: 0, mostMinutes: AZURE_GRAIN_MINUTES },
        { what: "the time between two looks", leastMinutes: 0, mostMinutes: 5 },
      ];
    }
  }
}

/**
 * Forwarder, relay, queue, notifier: seconds while they are warm, more where each has to be started; OCI's connector gathers for
 * up to a minute what lies in the queue.
 */
export function relayDelay(cloud: Cloud): Delay {
  return { what: "forwarder, relay, queue, notifier", leastMinutes: 0, mostMinutes: cloud === "oracle" ? 2 : 1 };
}

export function sumDelays(delays: readonly Delay[]): { readonly leastMinutes: number; readonly mostMinutes: number } {
  const sum = (of: "leastMinutes" | "mostMinutes") => delays.reduce((total, delay) => total + delay[of], 0);
  return { leastMinutes: sum("leastMinutes"), mostMinutes: sum("mostMinutes") };
}
