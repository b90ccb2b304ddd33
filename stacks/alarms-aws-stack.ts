import type { Construct } from "constructs";
import type { Alarm } from "../config/alarm";
import { alarmTopicName, resourceName } from "../config/resource-names";
import { awsStart, roadName } from "../config/roads";
import { alarmForwarderVariables } from "../functions/alarm-forwarder/env";
import { heartbeatLabel } from "../functions/common/alarm-label";
import { AwsAlarmTopic } from "../modules/aws/alarm-topic";
import { AwsHeartbeat } from "../modules/aws/heartbeat";
import { AwsSecret } from "../modules/aws/secret";
import { AwsTopicForwarder } from "../modules/aws/topic-forwarder";
import { applyTags } from "../modules/common/tags";
import { addAwsProvider, addBackend, type StackBackend } from "./providers";
import { readRelayAccess } from "./relay-outputs";
import { SiteStack } from "./site-stack";

export interface AwsAlarmsStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly region: string;
  /** Those that begin in this region. */
  readonly alarms: readonly Alarm[];
  /** Stacks of the relays that carry them, by the relay's key; they are deployed before this one. */
  readonly relayStacks: Readonly<Record<string, string>>;
  /** Path of the forwarder's zip. */
  readonly forwarderCode: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/** The start of all roads in one AWS region: a topic an alarm, a forwarder a relay. One Terraform state. */
export class AwsAlarmsStack extends SiteStack {
  constructor(scope: Construct, name: string, props: AwsAlarmsStackProps) {
    super(scope, name);
    addAwsProvider(this, { region: props.region });
    addBackend(this, name, props.backend);
    const topics = new Map(props.alarms.map((alarm) => [alarm.key, this.makeTopic(props, alarm)]));
    for (const relay of new Set(props.alarms.flatMap((alarm) => alarm.relay ?? []))) {
      const carried = props.alarms.filter((alarm) => alarm.relay === relay);
      const arns = carried.map(({ key }) => [key, topics.get(key)?.arn as string] as const);
      this.makeForwarder(props, relay, carried, Object.fromEntries(arns));
    }
    applyTags(this, props.tags);
  }

  private makeTopic({ site, region }: AwsAlarmsStackProps, alarm: Alarm): AwsAlarmTopic {
    const name = alarmTopicName(site, alarm.key);
    const heartbeat =
      alarm.relay !== undefined && alarm.heartbeat
        ? new AwsHeartbeat(this, `heartbeat-${alarm.key}`, {
            name: `${name}-heartbeat`,
            message: JSON.stringify(heartbeatLabel(site, roadName(alarm.key, awsStart(region)))),
          })
        : undefined;
    const topic = new AwsAlarmTopic(this, `topic-${alarm.key}`, {
      name,
      emails: alarm.emails,
      heartbeatRuleArn: heartbeat?.ruleArn,
    });
    heartbeat?.publishTo(topic.arn);
    return topic;
  }

  private makeForwarder(
    props: AwsAlarmsStackProps,
    relay: string,
    alarms: readonly Alarm[],
    topics: Readonly<Record<string, string>>,
  ): void {
    const access = readRelayAccess(this, props.relayStacks[relay] as string, props.backend);
    const name = resourceName(props.site, `forwarder-${relay}`);
    const token = new AwsSecret(this, `token-${relay}`, {
      name: `${name}-token`,
      description: `What opens the relay ${relay}`,
      value: access.token,
    });
    new AwsTopicForwarder(this, `forwarder-${relay}`, {
      name,
      code: props.forwarderCode,
      environment: alarmForwarderVariables({
        relayUrl: access.url,
        source: "aws",
        tokenSecretId: token.arn,
        site: props.site,
      }),
      tokenSecretArn: token.arn,
      topics,
      emails: [...new Set(alarms.flatMap(({ emails }) => emails))],
    });
  }
}
