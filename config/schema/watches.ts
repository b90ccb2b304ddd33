import * as z from "zod";
import { parsePlainText } from "../values/plain-text";
import { ValueError } from "../values/value-error";
import { alarmKey } from "./alarms";
import { key, oneOf, plainText, text, vendorId } from "./fields";

/** EC2 takes up to 200 values a filter; the live mode's function has 4 KB for its whole environment. */
const MOST_PATTERNS = 20;
const MOST_PATTERN_CHARACTERS = 64;

/** CloudWatch evaluates these in periods of 5 minutes: what instances report without detailed monitoring. */
const PERIOD_MINUTES = 5;

/** What EC2's filter understands. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
function parseNamePattern(value: string): string {
  if (value === "" || value.length > MOST_PATTERN_CHARACTERS) {
    throw new ValueError(`must have 1 to ${MOST_PATTERN_CHARACTERS} characters`, "use for example web-*");
  }
  return parsePlainText(value);
}

const limit = (most: number, description: string) =>
  z
    .union([z.number().min(1).max(most), z.literal("off")], {
      error: () => `must be 1 to ${most}, or off; use for example ${Math.min(most, 90)}`,
    })
    .meta({ description });

const thresholds = z
  .strictObject({
    cpuPercent: limit(100, "Average CPU, or `off`.").default(90),
    memoryPercent: limit(100, "Memory in use, or `off`; where the CloudWatch agent reports it.").default(90),
    diskPercent: limit(100, "A file system in use, or `off`; where the CloudWatch agent reports it.").default(85),
    networkMegabitsPerSecond: limit(400_000, "Traffic in, and out, on average. Default: no alarm.").default("off"),
    minutes: z
      .number()
      .multipleOf(PERIOD_MINUTES, { error: () => "must be a multiple of 5, 5 to 60; use for example 15" })
      .min(5)
      .max(60)
      .default(15)
      .meta({ description: "How long a threshold is passed before the alarm." }),
  })
  .meta({ description: "When an alarm is raised. A failed status check always raises one, after 3 minutes." });

export const watch = z
  .strictObject({
    description: plainText("For people; stands on the dashboard.").optional(),
    network: vendorId("aws/key of a network", /^aws\/[a-z][a-z0-9-]{0,39}$/, "aws/tokyo")
      .optional()
      .meta({ description: "Only instances in this VPC; or give `region`." }),
    region: vendorId("an AWS region", /^[a-z]{2}(-[a-z]+)+-\d$/, "ap-northeast-1")
      .optional()
      .meta({ description: "All instances of a region, whatever their VPC; or give `network`." }),
    instances: z
      .array(text(parseNamePattern, { description: "A Name tag.", examples: ["web-*"] }))
      .min(1)
      .max(MOST_PATTERNS)
      .meta({ description: "Name tags: `*` stands for anything, `?` for one character; capitals count." }),
    mode: oneOf(
      ["simple", "live"],
      "simple: what is there when you deploy. live: a function keeps the alarms in step as instances come and go.",
    ).default("simple"),
    agent: z.boolean().optional().meta({
      description: "simple mode: the CloudWatch agent reports memory and disk by InstanceId. live finds out.",
    }),
    thresholds: thresholds.prefault({}),
    connections: z
      .array(key)
      .optional()
      .meta({ description: "Connections on the dashboard. Default: those that end in `network`." }),
    dashboard: z.boolean().default(true).meta({ description: "Make a CloudWatch dashboard." }),
    alarm: alarmKey,
  })
  .meta({ description: "Alarms and a dashboard for EC2 instances that are found by their Name tag." });

export type WatchInput = z.output<typeof watch>;
