import { MonitoringAlarm } from "@cdktf/provider-oci/monitoring-alarm";
import { OnsNotificationTopic } from "@cdktf/provider-oci/ons-notification-topic";
import { OnsSubscription } from "@cdktf/provider-oci/ons-subscription";
import { Construct } from "constructs";

export interface OciFunctionAlarmsProps {
  readonly compartmentId: string;
  readonly name: string;
  readonly functionId: string;
  readonly emails: readonly string[];
  /** What is told when its calls fail for a quarter of an hour. */
  readonly failingText: string;
  /** After how many hours without any call that succeeds it is told, 1 to 72, and what. @default - silence is no failure */
  readonly silence?: { readonly hours: number; readonly text: string };
}

/**
 * Tells by mail alone, and by a topic of its own, that a function fails or hears nothing.
 * @see https://docs.oracle.com/en-us/iaas/Content/Functions/Reference/functionsmetrics.htm
 */
export class OciFunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: OciFunctionAlarmsProps) {
    super(scope, id);
    const { compartmentId, name, silence } = props;
    const topic = new OnsNotificationTopic(this, "mail", {
      compartmentId,
      name: `${name}-failed`,
      description: `${name} itself fails`,
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
      `FunctionResponseCount[${interval}]{resourceId = "${props.functionId}", responseType = "${responseType}"}`;
    this.makeAlarm(props, topic.topicId, {
      kind: "failing",
      query: `${answers("Error", "5m")}.grouping().sum() > 0`,
      pendingDuration: "PT15M",
      text: props.failingText,
    });
    if (silence === undefined) return;
    this.makeAlarm(props, topic.topicId, {
      kind: "silent",
      query: `${answers("Success", "1h")}.grouping().absent(${silence.hours}h)`,
      pendingDuration: "PT1M",
      text: silence.text,
    });
  }

  private makeAlarm(
    { compartmentId, name }: OciFunctionAlarmsProps,
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
