import { writeFileSync } from "node:fs";
import { ConfigError, ExternalError } from "../../config/problems";
import { drawDashboard } from "../../diagram/draw-dashboard";
import { renderDashboards } from "../../functions/common/watch/dashboard";
import { instanceAlarms, plainAgent, type WatchedInstance } from "../../functions/common/watch/instance-alarms";
import type { Io } from "../io";
import { loadSiteFile, resolveIn, siteFile } from "../site-file";
import { chooseWatches, toWatchSpec } from "../watch-spec";

interface Options {
  readonly watch: string;
  readonly instances: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** More would make a picture that nobody can open. */
const MOST_INSTANCES = 240;

/** Draws the dashboard of a watch for so many instances, without asking AWS. @throws ConfigError, ExternalError */
export function watchPreview(io: Io, argument: string | undefined, options: Options): number {
  const count = toCount(options.instances);
  const site = loadSiteFile(io, argument);
  const [watch] = chooseWatches(siteFile(io, argument), site.watches, options.watch);
  if (watch === undefined) throw new Error("bug: no watch was chosen");
  const vpns = watch.connections.map(({ key, controller, routing }) => ({
    connection: key,
    controller,
    isBgp: routing === "bgp",
    vpnIds: "vpn-0a1b2c3d4e5f60718",
  }));
  const spec = toWatchSpec(site.name, watch, { actions: [], vpns });
  const instances = Array.from({ length: count }, (_, at) => sample(watch.instances[0] ?? "", at));
  const alarmArns = instances.flatMap((one) => Object.values(instanceAlarms(spec, one)).map(({ name }) => name));
  const [first] = renderDashboards({ spec, region: watch.region, instances, alarmArns });
  const svg = drawDashboard(first?.body.widgets ?? []);
  const { out, json } = options;
  if (out === undefined) {
    io.out(json ? `${JSON.stringify({ ok: true, text: svg }, null, 2)}\n` : svg);
    return 0;
  }
  try {
    writeFileSync(resolveIn(io, out), svg);
  } catch (error) {
    throw new ExternalError(`can't write ${JSON.stringify(out)}: ${(error as Error).message}`);
  }
  io.out(json ? `${JSON.stringify({ ok: true, written: out }, null, 2)}\n` : `Wrote ${out}\n`);
  return 0;
}

function toCount(text: string): number {
  const count = Number(text);
  if (/^\d{1,3}$/.test(text) && count <= MOST_INSTANCES) return count;
  const rule = `must be 0 to ${MOST_INSTANCES}`;
  throw new ConfigError("watch preview", [{ path: ["--instances"], rule, got: text, fix: "use for example 12" }]);
}

/** As its Name tag would be by the first pattern, with an agent that reports memory and one file system. */
function sample(pattern: string, at: number): WatchedInstance {
  const id = `i-${String(at + 1).padStart(17, "0")}`;
  const number = String(at + 1).padStart(2, "0");
  return { id, label: pattern.replace("*", number).replaceAll(/[*?]/g, "1"), agent: plainAgent(id, true) };
}
