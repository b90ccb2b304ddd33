import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

export interface AwsTunnelAlarmsProps {
  /** The alarms' names begin with it. */
  readonly name: string;
  readonly vpnConnectionId: string;
  /** What the alarms say, at most 1024 characters each. */
  readonly texts: { readonly anyDown: string; readonly allDown: string };
  /** Of the topic that is told of both changes, down and up again. */
  readonly topicArn: string;
  readonly periodSeconds: number;
  /** How many periods must be bad, one after the other. */
  readonly periods: number;
}

/**
 * Two alarms on one connection's TunnelState: the lowest of both tunnels (one is down) and the highest (both are). A
 * connection that publishes nothing counts as down. By the connection's id: an average over it would call one fallen tunnel
 * half a failure.
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-cloudwatch-vpn.html
 */
export class AwsTunnelAlarms extends Construct {
  constructor(scope: Construct, id: string, props: AwsTunnelAlarmsProps) {
    super(scope, id);
    this.makeAlarm(props, "any-down", "Minimum", props.texts.anyDown);
    this.makeAlarm(props, "all-down", "Maximum", props.texts.allDown);
  }

  private makeAlarm(props: AwsTunnelAlarmsProps, kind: string, statistic: string, text: string): void {
    new CloudwatchMetricAlarm(this, kind, {
      alarmName: `${props.name}-${kind}`,
      alarmDescription: text,
      namespace: "AWS/VPN",
      metricName: "TunnelState",
      dimensions: { VpnId: props.vpnConnectionId },
      statistic,
      period: props.periodSeconds,
      evaluationPeriods: props.periods,
      datapointsToAlarm: props.periods,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "breaching",
      alarmActions: [props.topicArn],
      okActions: [props.topicArn],
    });
  }
}
