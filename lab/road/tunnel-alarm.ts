import { createResolver } from "../gateway/references";
import { type Block, resourcesOf, type TerraformJson } from "../gateway/terraform-json";

/** Outside addresses of Oracle's ends, tunnel 1 first. */
export const TUNNEL_ADDRESSES = ["140.238.150.1", "140.238.150.2"] as const;

export interface AlarmChange {
  readonly status: "FIRING" | "OK";
  /** 1 or 2: that tunnel's own alarm; without it the alarm that all are down. */
  readonly tunnel?: 1 | 2;
  readonly atMs: number;
  /** Whose alarm it is. @default - the template's connection */
  readonly connection?: string;
}

/**
 * What Oracle's Monitoring publishes when one of the template's alarms changes, in version 1.5 of its message.
 * @see https://docs.oracle.com/en-us/iaas/Content/Monitoring/alarm-message-format.htm
 */
export function tunnelAlarm(network: TerraformJson, change: AlarmChange): string {
  const kind = change.tunnel ? "any-down" : "all-down";
  const { address, block } = resourcesOf(network, "oci_monitoring_alarm").find(({ block: { display_name } }) =>
    display_name.endsWith(kind),
  ) as { address: string; block: Block };
  const references = [...String(block.body).matchAll(/\$\{([^}]*)\}/g)].map(([, inner]) => String(inner));
  const resolve = createResolver(
    network,
    Object.fromEntries(references.map((inner, index) => [inner, TUNNEL_ADDRESSES[index] ?? "140.238.150.9"])),
  );
  const ours = /"connection":"([^"]*)"/.exec(block.body)?.[1] ?? "";
  const rename = (text: string) => text.replaceAll(ours, change.connection ?? ours);
  const publicIp = change.tunnel && TUNNEL_ADDRESSES[change.tunnel - 1];
  return JSON.stringify({
    dedupeKey: `${address}-${change.connection ?? ours}-${publicIp ?? "all"}`,
    title: rename(block.display_name),
    body: rename(resolve(block.body)),
    type: change.status === "FIRING" ? "OK_TO_FIRING" : "FIRING_TO_OK",
    severity: block.severity,
    timestampEpochMillis: change.atMs,
    timestamp: new Date(change.atMs).toISOString(),
    alarmMetaData: [
      {
        // Each connection has an alarm of its own.
        id: `ocid1.alarm.oc1.ap-tokyo-1.${address.split(".")[1]}.${change.connection ?? ours}`,
        status: change.status,
        severity: block.severity,
        namespace: block.namespace,
        query: "TunnelState[1m]",
        totalMetricsFiring: 1,
        dimensions: publicIp ? [{ publicIp }] : [],
        alarmUrl: "https://cloud.oracle.com/monitoring/alarms/ocid1.alarm.oc1.ap-tokyo-1.lab?region=ap-tokyo-1",
        alarmSummary: rename(block.alarm_summary),
        metricValues: [{ "TunnelState[1m]": change.status === "FIRING" ? "0.00" : "1.00" }],
      },
    ],
    notificationType: change.tunnel ? "Split messages per metric streams" : "Grouped messages across metric streams",
    version: 1.5,
  });
}
