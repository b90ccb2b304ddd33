/** Namespace of an appliance's metrics; their dimension is `Appliance`: its name. */
export const APPLIANCE_NAMESPACE = "Kakehashi/Appliance";

/** `SignalsDown`: how many say that it is down, once a minute. `ImageAgeHours`: of the newest usable image, once an hour. */
export const APPLIANCE_METRICS = { signals: "SignalsDown", imageAge: "ImageAgeHours" } as const;

/**
 * A line in CloudWatch's embedded metric format: Lambda's log becomes the metric, with no call and no permission.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine(appliance: string, metric: string, value: number, timestampMs: number): string {
  return JSON.stringify({
    _aws: {
      Timestamp: timestampMs,
      CloudWatchMetrics: [{ Namespace: APPLIANCE_NAMESPACE, Dimensions: [["Appliance"]], Metrics: [{ Name: metric }] }],
    },
    Appliance: appliance,
    [metric]: value,
  });
}
