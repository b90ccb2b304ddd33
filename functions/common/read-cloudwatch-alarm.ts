import { alarmText, type Reading } from "./alarm-reading";
import { field, listField, readTime, textField } from "./json-reader";

/**
 * A CloudWatch alarm's change of state as SNS carries it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function readCloudWatchAlarm(payload: unknown): Reading | undefined {
  const name = textField(payload, "AlarmName");
  const state = textField(payload, "NewStateValue");
  if (!name || !state) return undefined;
  const trigger = field(payload, "Trigger");
  const metrics = listField(trigger, "Metrics").map((metric) => field(field(metric, "MetricStat"), "Metric"));
  const dimensions = [trigger, ...metrics].flatMap((metric) => listField(metric, "Dimensions"));
  const arn = textField(payload, "AlarmArn");
  const time = textField(payload, "StateChangeTime");
  return {
    ...alarmText(textField(payload, "AlarmDescription"), textField(payload, "NewStateReason")),
    status: statusOf(state),
    title: name,
    identity: arn ?? `${textField(payload, "AWSAccountId") ?? ""}:${textField(payload, "Region") ?? ""}:${name}`,
    change: `${arn ?? name}:${time ?? ""}:${state}`,
    severity: undefined,
    occurredAt: readTime(time),
    tunnelAddresses: dimensions
      .filter((dimension) => textField(dimension, "name") === "TunnelIpAddress")
      .map((dimension) => textField(dimension, "value"))
      .filter((address) => address !== undefined),
    link: consoleLink(arn, name),
  };
}

/**
 * The same as an event of EventBridge's default bus.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function readEventBridgeAlarm(payload: unknown): Reading | undefined {
  if (textField(payload, "source") !== "aws.cloudwatch") return undefined;
  const detail = field(payload, "detail");
  const name = textField(detail, "alarmName");
  const state = field(detail, "state");
  const value = textField(state, "value");
  if (!name || !value) return undefined;
  const configuration = field(detail, "configuration");
  const arn = listField(payload, "resources").find((resource) => typeof resource === "string") as string | undefined;
  const time = textField(state, "timestamp") ?? textField(payload, "time");
  const metrics = listField(configuration, "metrics").map((metric) => field(field(metric, "metricStat"), "metric"));
  return {
    ...alarmText(textField(configuration, "description"), textField(state, "reason")),
    status: statusOf(value),
    title: name,
    identity: arn ?? `${textField(payload, "account") ?? ""}:${textField(payload, "region") ?? ""}:${name}`,
    change: `${arn ?? name}:${time ?? ""}:${value}`,
    severity: undefined,
    occurredAt: readTime(time),
    tunnelAddresses: metrics
      .map((metric) => textField(field(metric, "dimensions"), "TunnelIpAddress"))
      .filter((address) => address !== undefined),
    link: consoleLink(arn, name),
  };
}

/** INSUFFICIENT_DATA is no all-clear. */
function statusOf(state: string): Reading["status"] {
  return state === "ALARM" ? "firing" : state === "OK" ? "resolved" : "unknown";
}

function consoleLink(arn: string | undefined, name: string): string | undefined {
  const [, partition, , region] = arn?.split(":") ?? [];
  if (!partition || !region || !/^[a-z0-9-]+$/.test(region)) return undefined;
  const host = { "aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com" }[partition];
  const console = host ?? `${region}.console.aws.amazon.com`;
  return `https://${console}/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(name)}`;
}
