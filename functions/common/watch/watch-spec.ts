import * as z from "zod";

/** What to watch, and how: the site file's entry with the ids that only Terraform knows. */
export const watchSpec = z.object({
  site: z.string(),
  /** Key of the watch. */
  watch: z.string(),
  description: z.string().optional(),
  /** Name tags, with `*` and `?`. */
  instances: z.array(z.string()),
  /** Only instances in this VPC. */
  vpcId: z.string().optional(),
  thresholds: z.object({
    cpuPercent: z.number().optional(),
    memoryPercent: z.number().optional(),
    diskPercent: z.number().optional(),
    networkMegabitsPerSecond: z.number().optional(),
    minutes: z.number(),
  }),
  /** ARNs of what is told when an alarm comes and goes. */
  actions: z.array(z.string()),
  hasDashboard: z.boolean(),
  vpns: z.array(
    z.object({
      connection: z.string(),
      controller: z.string(),
      isBgp: z.boolean(),
      /** `vpn-…`; several with a space between. May be a token of Terraform's. */
      vpnIds: z.string(),
    }),
  ),
});

export type WatchSpec = z.infer<typeof watchSpec>;
export type WatchVpn = WatchSpec["vpns"][number];

/** What every alarm's name begins with. Keys hold no slash, so no two watches share it. */
export function alarmPrefix({ site, watch }: Pick<WatchSpec, "site" | "watch">): string {
  return `${site}/${watch}/`;
}

/** The first dashboard's name; further ones add `-2`, `-3`. A dashboard's name has no slash, and a key no underscore. */
export function dashboardName({ site, watch }: Pick<WatchSpec, "site" | "watch">): string {
  return `${site}_${watch}`;
}

/** A stopped instance is still watched: it will come back, and its alarms' history with it. */
export const WATCHED_STATES = ["pending", "running", "stopping", "stopped"] as const;

/** What every alarm of a watch has. While nothing is reported its state is INSUFFICIENT_DATA, which tells nobody. */
export const COMMON_SETTINGS = {
  ComparisonOperator: "GreaterThanOrEqualToThreshold",
  TreatMissingData: "missing",
} as const;
