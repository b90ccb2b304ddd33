import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { AlarmEvent } from "../common/alarm-event";
import { queueKey } from "../common/alarm-identity";
import type { ApplianceSettings } from "../common/appliance/settings";
import type { Outcome } from "./core";

type Switched = Extract<Outcome, { kind: "switched" }>;

const VERIFIED: Readonly<Record<Switched["verified"], string>> = {
  yes: "The service answers there.",
  no: "The service does NOT answer there: look at once.",
  unknown: "The service could not be asked.",
};

/** What the road of alarms is told of a switch. It is good news only where the service answers. */
export function renderNotice(settings: ApplianceSettings, outcome: Switched, nowMs: number): AlarmEvent {
  const { run, activeId, verified, seconds } = outcome;
  const { site, key, name, address, region } = settings;
  return {
    kakehashiAlarm: 1,
    source: "aws",
    status: verified === "yes" ? "resolved" : "firing",
    alarm: queueKey("aws", `appliance:${region}:${name}`),
    idempotencyKey: queueKey("aws", `appliance:${region}:${name}:${run.id}`),
    title: `appliance ${key}: ${run.kind === "failover" ? "failed over" : "back"}`,
    summary: [
      `${address} and the clients' routes moved from ${run.from ?? "nowhere"} to ${activeId} in ${seconds} s (${region}).`,
      VERIFIED[verified],
      `Why: ${run.reason}`,
    ].join("\n"),
    severity: verified === "yes" ? "warning" : "critical",
    occurredAt: new Date(nowMs).toISOString(),
    label: { kakehashi: 1, site, kind: "other", subject: `appliance ${key}` },
    tunnelAddresses: [],
  };
}

/** The functions on the road read the event, people by e-mail the sentences. */
export async function publishNotice(sns: SNSClient, topicArn: string, event: AlarmEvent): Promise<void> {
  await sns.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: `[${event.label?.site}] ${event.title}`.slice(0, 100),
      MessageStructure: "json",
      Message: JSON.stringify({ default: JSON.stringify(event), email: event.summary }),
    }),
  );
}
