import { type MetricAlarm, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { type CloudWatchLogsClient, paginateDescribeMetricFilters } from "@aws-sdk/client-cloudwatch-logs";
import { paginateListSubscriptionsByTopic, type SNSClient } from "@aws-sdk/client-sns";
import type { AlarmFacts, FilterFacts, Known, Watch } from "../account/account-facts";
import type { OpenAccount } from "./account-clients";
import { askFor, orIfNone } from "./ask";

/** The filters on log groups, the alarms on what they count, and who hears of those. */
export async function readWatch(
  { logs, cloudWatch, sns }: OpenAccount,
  groups: readonly string[],
): Promise<Known<Watch>> {
  const filters = await askFor("logs:DescribeMetricFilters", async () =>
    (await Promise.all(groups.map((group) => orIfNone(readFilters(logs, group), [])))).flat(),
  );
  if ("isUnknown" in filters) return filters;
  const metrics = new Set(filters.is.flatMap((filter) => filter.metrics));
  const alarms = await askFor("cloudwatch:DescribeAlarms", async () => {
    const all: AlarmFacts[] = [];
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudWatch, pageSize: 100 }, {})) {
      all.push(...MetricAlarms.map(toAlarm).filter(({ metric }) => metrics.has(metric)));
    }
    return all;
  });
  if ("isUnknown" in alarms) return alarms;
  const topics = [...new Set(alarms.is.flatMap(({ actions }) => actions))].filter((arn) =>
    /^arn:[\w-]+:sns:/.test(arn),
  );
  const subscribers = await Promise.all(topics.map(async (arn) => [arn, await readSubscribers(sns, arn)] as const));
  return { is: { filters: filters.is, alarms: alarms.is, subscribers: new Map(subscribers) } };
}

async function readFilters(client: CloudWatchLogsClient, logGroup: string): Promise<FilterFacts[]> {
  const all: FilterFacts[] = [];
  for await (const { metricFilters = [] } of paginateDescribeMetricFilters({ client }, { logGroupName: logGroup })) {
    all.push(
      ...metricFilters.map(({ filterPattern = "", metricTransformations = [] }) => ({
        logGroup,
        pattern: filterPattern,
        metrics: metricTransformations.map(({ metricNamespace, metricName }) => `${metricNamespace}/${metricName}`),
      })),
    );
  }
  return all;
}

function toAlarm({
  AlarmName = "",
  Namespace,
  MetricName,
  ActionsEnabled,
  AlarmActions = [],
}: MetricAlarm): AlarmFacts {
  return { name: AlarmName, metric: `${Namespace}/${MetricName}`, actions: ActionsEnabled ? AlarmActions : [] };
}

/** Who has not confirmed yet has no ARN but a word in its place. */
function readSubscribers(client: SNSClient, topicArn: string): Promise<Known<number>> {
  return askFor("sns:ListSubscriptionsByTopic", () => orIfNone(countSubscribers(client, topicArn), 0));
}

async function countSubscribers(client: SNSClient, topicArn: string): Promise<number> {
  let count = 0;
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn })) {
    count += Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn?.startsWith("arn:")).length;
  }
  return count;
}
