import { ConfigError } from "../config/problems";
import { adviseKey } from "../config/schema/to-problems";
import type { Watch } from "../config/watch";
import type { WatchSpec } from "../functions/common/watch/watch-spec";

/** What Terraform tells a deployed watch, and a command has to find out. */
type FoundOut = Pick<WatchSpec, "vpcId" | "actions" | "vpns">;

export function toWatchSpec(site: string, watch: Watch, found: FoundOut): WatchSpec {
  const { key, description, instances, thresholds, hasDashboard } = watch;
  return { site, watch: key, description, instances: [...instances], thresholds, hasDashboard, ...found };
}

/** All of the file, or the one that is named. @throws ConfigError */
export function chooseWatches(file: string, watches: readonly Watch[], key: string | undefined): readonly Watch[] {
  if (key === undefined) return watches;
  const chosen = watches.filter((watch) => watch.key === key);
  if (chosen.length > 0) return chosen;
  const keys = watches.map((watch) => watch.key);
  throw new ConfigError(file, [
    { path: ["watches"], rule: "must have the watch that --watch names", got: key, fix: adviseKey(key, keys) },
  ]);
}
