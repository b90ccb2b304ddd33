import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Password } from "@cdktf/provider-random/lib/password";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Alarm, Chat, Relay } from "../config/alarm";
import { HEARTBEAT_PATIENCE_HOURS, METRIC_NAMESPACE } from "../config/heartbeat";
import { relayName, resourceName } from "../config/resource-names";
import { roadName } from "../config/roads";
import type { AwsNetwork } from "../config/site";
import {
  ALARM_HEADER,
  IDEMPOTENCY_HEADER,
  MAX_ALARM_BYTES,
  RELAY_MODEL,
  TOKEN_HEADER,
} from "../functions/alarm-forwarder/env";
import { chatNotifierVariables, HEARTBEAT_METRIC } from "../functions/chat-notifier/env";
import { relayAuthorizerVariables } from "../functions/relay-authorizer/env";
import { AwsAlarmApi } from "../modules/aws/alarm-api";
import { AwsAlarmQueue } from "../modules/aws/alarm-queue";
import { AwsAlarmTopic } from "../modules/aws/alarm-topic";
import { AwsChatNotifier } from "../modules/aws/chat-notifier";
import { AwsLambdaFunction } from "../modules/aws/lambda-function";
import { AwsNetworkLookup } from "../modules/aws/network-lookup";
import { AwsNotifierNetwork } from "../modules/aws/notifier-network";
import { AwsSecret } from "../modules/aws/secret";
import { applyTags } from "../modules/common/tags";
import { chatSecretValue } from "./chat-secret";
import { addAwsProvider, addBackend, type StackBackend } from "./providers";
import { RELAY_TOKEN, RELAY_TOKEN_OUTPUT, RELAY_URL_OUTPUT } from "./relay-outputs";
import { SiteStack } from "./site-stack";

export interface AwsRelayStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly relay: Relay;
  readonly network: AwsNetwork;
  readonly chat: Chat;
  /** Those that it carries. */
  readonly alarms: readonly Alarm[];
  /** The roads whose heartbeat comes through here: an alarm, and where it begins. */
  readonly heartbeats: readonly { readonly alarm: string; readonly start: string }[];
  /** Paths of the functions' zips. */
  readonly code: { readonly authorizer: string; readonly notifier: string };
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

const NOTIFIER_TIMEOUT_SECONDS = 50;
/** Six times the timeout, as AWS advises. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const TURN_SECONDS = 6 * NOTIFIER_TIMEOUT_SECONDS;
/** The queue counts a message's attributes too. */
const ATTRIBUTE_BYTES = 1024;

/** The relay on AWS: API, queue, notifier in the VPC, and mail where the relay itself fails. One Terraform state. */
export class AwsRelayStack extends SiteStack {
  constructor(scope: Construct, name: string, props: AwsRelayStackProps) {
    super(scope, name);
    const prefix = relayName(props.site, props.relay.key);
    addAwsProvider(this, { region: props.network.region });
    addBackend(this, name, props.backend);
    const mailTopicArn = this.makeMailTopic(prefix, props);
    const queue = new AwsAlarmQueue(this, "queue", {
      name: prefix,
      maxMessageBytes: MAX_ALARM_BYTES + ATTRIBUTE_BYTES,
      visibilityTimeoutSeconds: TURN_SECONDS,
      topicArn: mailTopicArn,
    });
    const token = new Password(this, "token", {
      ...RELAY_TOKEN,
      keepers: { epoch: String(props.relay.tokenEpoch) },
    }).result;
    const api = this.makeApi(prefix, props, queue, token);
    this.makeNotifier(prefix, props, queue);
    if (mailTopicArn !== undefined) this.watchHeartbeats(props, mailTopicArn);
    new TerraformOutput(this, RELAY_URL_OUTPUT, { value: api.url, staticId: true });
    new TerraformOutput(this, RELAY_TOKEN_OUTPUT, { value: token, sensitive: true, staticId: true });
    applyTags(this, props.tags);
  }

  private makeMailTopic(prefix: string, { alarms }: AwsRelayStackProps): string | undefined {
    const emails = [...new Set(alarms.flatMap((alarm) => alarm.emails))];
    if (emails.length === 0) return undefined;
    return new AwsAlarmTopic(this, "mail", { name: `${prefix}-failed`, emails }).arn;
  }

  private makeApi(prefix: string, props: AwsRelayStackProps, queue: AwsAlarmQueue, token: string): AwsAlarmApi {
    const secret = new AwsSecret(this, "token-secret", {
      name: `${prefix}-token`,
      description: `What opens the relay ${props.relay.key}`,
      value: token,
    });
    const authorizer = new AwsLambdaFunction(this, "authorizer", {
      name: `${prefix}-authorizer`,
      code: props.code.authorizer,
      environment: relayAuthorizerVariables({ tokenSecretId: secret.arn }),
      timeoutSeconds: 10,
      statements: [{ sid: "ReadBothTokens", actions: ["secretsmanager:GetSecretValue"], resources: [secret.arn] }],
    });
    return new AwsAlarmApi(this, "api", {
      name: prefix,
      region: props.network.region,
      authorizer,
      headers: { token: TOKEN_HEADER, alarm: ALARM_HEADER, idempotencyKey: IDEMPOTENCY_HEADER },
      model: RELAY_MODEL,
      queue,
      allow: props.relay.allow,
    });
  }

  private makeNotifier(prefix: string, { relay, network, chat, site, code }: AwsRelayStackProps, queue: AwsAlarmQueue) {
    const place = new AwsNetworkLookup(this, "network", {
      name: resourceName(site, network.key),
      subnets: relay.subnets,
      vpcId: network.existing?.vpcId,
      subnetIds:
        network.existing && Object.fromEntries(network.subnets.map(({ key, subnetId }) => [key, subnetId ?? ""])),
    });
    const standing = new AwsNotifierNetwork(this, "standing", {
      name: `${prefix}-notifier`,
      region: network.region,
      vpcId: place.vpcId,
      subnetIds: place.subnetIds,
      chatAddress: chat.address,
      chatPort: chat.port,
      wayOut: relay.wayOut,
    });
    const secret = new AwsSecret(this, "chat-secret", {
      name: `${prefix}-chat`,
      description: `Where the chat ${chat.key} is, and what it wants`,
      value: chatSecretValue(this, chat),
    });
    new AwsChatNotifier(this, "notifier", {
      name: `${prefix}-notifier`,
      code: code.notifier,
      environment: (tableName) =>
        chatNotifierVariables({
          site,
          language: chat.language,
          chatType: chat.type,
          chatSecretId: secret.arn,
          chatCa: chat.ca,
          stateTable: tableName,
          heartbeatMetricNamespace: METRIC_NAMESPACE,
        }),
      chatSecretArn: secret.arn,
      queueArn: queue.arn,
      timeoutSeconds: NOTIFIER_TIMEOUT_SECONDS,
      vpc: { subnetIds: Object.values(place.subnetIds), securityGroupIds: [standing.securityGroupId] },
    });
  }

  private watchHeartbeats({ site, heartbeats }: AwsRelayStackProps, mailTopicArn: string): void {
    for (const { alarm, start } of heartbeats) {
      const place = start.replace(/[ /]/g, "-");
      new CloudwatchMetricAlarm(this, `heartbeat-${alarm}-${place}`, {
        alarmName: `${resourceName(site, alarm)}-${place}-heartbeat-absent`,
        alarmDescription: `No heartbeat of alarms.${alarm} from ${start} has come through for ${HEARTBEAT_PATIENCE_HOURS} hours: its road is broken somewhere.`,
        namespace: METRIC_NAMESPACE,
        metricName: HEARTBEAT_METRIC,
        dimensions: { Site: site, Alarm: roadName(alarm, start) },
        statistic: "Sum",
        // In hours: CloudWatch takes no period above a day, and seven days in all.
        period: 3600,
        evaluationPeriods: HEARTBEAT_PATIENCE_HOURS,
        datapointsToAlarm: HEARTBEAT_PATIENCE_HOURS,
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        treatMissingData: "breaching",
        alarmActions: [mailTopicArn],
        okActions: [mailTopicArn],
      });
    }
  }
}
