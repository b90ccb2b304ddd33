/** CloudWatch namespace of Kakehashi's own metrics. */
export const METRIC_NAMESPACE = "Kakehashi";

/** A heartbeat a day: its absence is noticed after a day and a half, so that a late one is no false alarm. */
export const HEARTBEAT_PATIENCE_HOURS = 36;
