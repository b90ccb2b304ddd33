import { MonitoringAlarm } from "@cdktf/provider-oci/monitoring-alarm";
import { OnsNotificationTopic } from "@cdktf/provider-oci/ons-notification-topic";
import { OnsSubscription } from "@cdktf/provider-oci/ons-subscription";
import { Construct } from "constructs";

export interface OciHeartbeatProps {
  readonly compartmentId: string;
  readonly name: string;
  /** What the message says. */
  readonly text: string;
  /** The function that forwards it. */
  readonly functionId: string;
}

/**
 * An alarm that is always firing, and is repeated once a day: it goes the way of the others, from Monitoring on. By a topic of its
 * own, because a topic's e-mail subscriptions know no filter. It needs one connection in the compartment that reports its state.
 * @see https://docs.oracle.com/en-us/iaas/Content/Monitoring/Tasks/create-alarm.htm
 */
export class OciHeartbeat extends Construct {
  constructor(scope: Construct, id: string, { compartmentId, name, text, functionId }: OciHeartbeatProps) {
    super(scope, id);
    const topic = new OnsNotificationTopic(this, "topic", {
      compartmentId,
      name,
      description: "A message a day that goes the whole road of alarms",
    });
    new OnsSubscription(this, "subscription", {
      compartmentId,
      topicId: topic.topicId,
      protocol: "ORACLE_FUNCTIONS",
      endpoint: functionId,
    });
    new MonitoringAlarm(this, "alarm", {
      compartmentId,
      metricCompartmentId: compartmentId,
      displayName: name,
      isEnabled: true,
      namespace: "oci_vpn",
      query: "TunnelState[1m].grouping().max() >= 0",
      severity: "INFO",
      body: text,
      destinations: [topic.topicId],
      messageFormat: "RAW",
      notificationVersion: "1.X",
      pendingDuration: "PT1M",
      repeatNotificationDuration: "P1D",
      resolution: "1m",
    });
  }
}
