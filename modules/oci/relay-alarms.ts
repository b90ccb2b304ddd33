import { MonitoringAlarm } from "@cdktf/provider-oci/monitoring-alarm";
import { OnsNotificationTopic } from "@cdktf/provider-oci/ons-notification-topic";
import { OnsSubscription } from "@cdktf/provider-oci/ons-subscription";
import { Construct } from "constructs";

export interface OciRelayAlarmsProps {
  readonly compartmentId: string;
  readonly name: string;
  readonly notifierId: string;
  readonly emails: readonly string[];
  /** After how many hours without anything told the road counts as broken, 1 to 72. @default - no heartbeat comes */
  readonly patienceHours?: number;
}

/**
 * Tells by mail that the notifier fails, and that nothing at all, heartbeats included, has come through it.
 * @see https://docs.oracle.com/en-us/iaas/Content/Functions/Reference/functionsmetrics.htm
 */
export class OciRelayAlarms extends Construct {
  constructor(scope: Construct, id: string, props: OciRelayAlarmsProps) {
    super(scope, id);
    const { compartmentId, name, patienceHours } = props;
    const topic = new OnsNotificationTopic(this, "mail", {
      compartmentId,
      name: `${name}-failed`,
      description: `The relay ${name} itself fails`,
    });
    for (const email of props.emails) {
      new OnsSubscription(this, `email-${email}`, {
        compartmentId,
        topicId: topic.topicId,
        protocol: "EMAIL",
        endpoint: email,
      });
    }
    const answers = (responseType: string, interval: string) =>
      `FunctionResponseCount[${interval}]{resourceId = "${props.notifierId}", responseType = "${responseType}"}`;
    this.makeAlarm(props, topic.topicId, {
      kind: "late",
      query: `${answers("Error", "5m")}.grouping().sum() > 0`,
      pendingDuration: "PT15M",
      text: `Alarms wait in the queue ${name}: the chat server does not take them.`,
    });
    if (patienceHours === undefined) return;
    this.makeAlarm(props, topic.topicId, {
      kind: "heartbeat-absent",
      query: `${answers("Success", "1h")}.grouping().absent(${patienceHours}h)`,
      pendingDuration: "PT1M",
      text: `Nothing, not even a heartbeat, has come through the relay ${name} for ${patienceHours} hours: a road is broken somewhere.`,
    });
  }

  private makeAlarm(
    { compartmentId, name }: OciRelayAlarmsProps,
    topicId: string,
    of: { readonly kind: string; readonly query: string; readonly pendingDuration: string; readonly text: string },
  ): void {
    new MonitoringAlarm(this, of.kind, {
      compartmentId,
      metricCompartmentId: compartmentId,
      displayName: `${name}-${of.kind}`,
      isEnabled: true,
      namespace: "oci_faas",
      query: of.query,
      severity: "CRITICAL",
      body: of.text,
      destinations: [topicId],
      messageFormat: "ONS_OPTIMIZED",
      pendingDuration: of.pendingDuration,
      resolution: "1m",
    });
  }
}
