import { MonitoringAlarm } from "@cdktf/provider-oci/monitoring-alarm";
import { Construct } from "constructs";

export interface OciTunnelAlarmsProps {
  /** The alarms' names begin with it. */
  readonly name: string;
  readonly compartmentId: string;
  readonly ipsecId: string;
  readonly topicId: string;
  /** What the alarms say, at most 1000 characters each. */
  readonly texts: { readonly anyDown: string; readonly allDown: string; readonly absent: string };
  /** 1 to 60: how long the state must last. */
  readonly pendingMinutes: number;
  /** 3 to 120: how long OCI waits for late data. */
  readonly slackMinutes: number;
  /** Told again after so long while it lasts; 0: never. */
  readonly repeatMinutes: number;
}

interface AlarmKind {
  readonly kind: string;
  /** What follows the metric and the connection. */
  readonly condition: string;
  readonly severity: "WARNING" | "CRITICAL";
  readonly text: "anyDown" | "allDown" | "absent";
  /** One message a tunnel, instead of one for both. */
  readonly isPerTunnel: boolean;
  readonly summary: string;
}

const KINDS: readonly AlarmKind[] = [
  {
    kind: "any-down",
    condition: ".groupBy(publicIp).min() < 1",
    severity: "WARNING",
    text: "anyDown",
    isPerTunnel: true,
    summary: "A tunnel is down",
  },
  {
    kind: "all-down",
    condition: ".grouping().max() < 1",
    severity: "CRITICAL",
    text: "allDown",
    isPerTunnel: false,
    summary: "Both tunnels are down",
  },
  {
    kind: "any-absent",
    condition: ".groupBy(publicIp).absent()",
    severity: "WARNING",
    text: "absent",
    isPerTunnel: true,
    summary: "No data comes of a tunnel",
  },
  {
    kind: "all-absent",
    condition: ".grouping().absent()",
    severity: "CRITICAL",
    text: "absent",
    isPerTunnel: false,
    summary: "No data comes of both tunnels",
  },
];

/**
 * Four alarms on one connection: a tunnel down, both down, and the absence of data as a twin of each, because a metric that
 * stops breaks no threshold. By the connection's OCID: forgotten connections go on emitting and would fire for ever.
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Reference/ipsecmetrics.htm
 * @see https://docs.oracle.com/en-us/iaas/Content/Monitoring/Reference/mql.htm
 */
export class OciTunnelAlarms extends Construct {
  constructor(scope: Construct, id: string, props: OciTunnelAlarmsProps) {
    super(scope, id);
    for (const kind of KINDS) this.makeAlarm(props, kind);
  }

  private makeAlarm(props: OciTunnelAlarmsProps, kind: AlarmKind): void {
    new MonitoringAlarm(this, kind.kind, {
      compartmentId: props.compartmentId,
      metricCompartmentId: props.compartmentId,
      displayName: `${props.name}-${kind.kind}`,
      isEnabled: true,
      namespace: "oci_vpn",
      query: `TunnelState[1m]{parentResourceId = "${props.ipsecId}"}${kind.condition}`,
      severity: kind.severity,
      body: props.texts[kind.text],
      alarmSummary: kind.summary,
      destinations: [props.topicId],
      isNotificationsPerMetricDimensionEnabled: kind.isPerTunnel,
      // Mail gets OCI's readable form; functions get the JSON either way.
      messageFormat: "ONS_OPTIMIZED",
      notificationVersion: "1.X",
      pendingDuration: toDuration(props.pendingMinutes),
      evaluationSlackDuration: toDuration(props.slackMinutes),
      repeatNotificationDuration: props.repeatMinutes === 0 ? undefined : toDuration(props.repeatMinutes),
      resolution: "1m",
    });
  }
}

/** ISO 8601 in the largest unit that fits: OCI's limits are written as PT1H and P30D. */
function toDuration(minutes: number): string {
  if (minutes % 1440 === 0) return `P${minutes / 1440}D`;
  return minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`;
}
