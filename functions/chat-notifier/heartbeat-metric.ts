import { HEARTBEAT_METRIC } from "./env";

/**
 * A line in CloudWatch's embedded metric format: Lambda's log becomes the metric, with no call and no permission.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function heartbeatLine(namespace: string, site: string, road: string, timestampMs: number): string {
  return JSON.stringify({
    _aws: {
      Timestamp: timestampMs,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [["Site", "Alarm"]],
          Metrics: [{ Name: HEARTBEAT_METRIC, Unit: "Count" }],
        },
      ],
    },
    Site: site,
    Alarm: road,
    [HEARTBEAT_METRIC]: 1,
  });
}
