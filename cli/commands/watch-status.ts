import type { Watch } from "../../config/watch";
import type { WatchReport } from "../aws/read-watch-status";
import type { Io } from "../io";
import { loadAwsCommands } from "../load-aws";
import { paint } from "../paint";
import { loadSiteFile, siteFile } from "../site-file";
import { renderTable } from "../table";
import { chooseWatches } from "../watch-spec";

interface Options {
  readonly watch?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** @throws ConfigError, ExternalError */
export async function watchStatus(io: Io, argument: string | undefined, options: Options): Promise<number> {
  const file = siteFile(io, argument);
  const site = loadSiteFile(io, argument);
  const watches = chooseWatches(file, site.watches, options.watch);
  const { readWatchStatus } = await loadAwsCommands();
  const reports: WatchReport[] = [];
  // One after the other: they share an account's limits.
  for (const watch of watches) reports.push(await readWatchStatus(site.name, watch));
  const hasDrift = reports.some((report) => countDrift(report) > 0);
  const code = options.strict && hasDrift ? 1 : 0;
  if (options.json) io.out(`${JSON.stringify({ ok: code === 0, exitCode: code, file, watches: reports }, null, 2)}\n`);
  else
    io.out(
      reports.length === 0 ? `${file}: has no watches\n` : `${reports.map((one) => render(io, one)).join("\n\n")}\n`,
    );
  return code;
}

function render(io: Io, report: WatchReport): string {
  const { watch, region, mode, instances, alarms, raised, drift, dashboard } = report;
  const count = countDrift(report);
  const rows = [
    ...raised.map((name) => ["raised", name, ""]),
    ...drift.missing.map((name) => ["missing", name, ""]),
    ...drift.changed.map(({ name, fields }) => ["changed", name, fields.join(", ")]),
    ...drift.stale.map((name) => ["stale", name, ""]),
    ...(dashboard === "missing" ? [["missing", `dashboard ${watch}`, ""]] : []),
  ].map((row) => row.map(clean));
  const state = count === 0 ? paint(io, "green", "in step") : paint(io, "yellow", `${count} differ`);
  const head = `watches.${watch} (${mode}, ${region}): ${instances} instances, ${alarms} alarms, ${raised.length} raised, ${state}`;
  return [head, ...(rows.length > 0 ? [renderTable(rows)] : []), ...(count > 0 ? [`  ${cure(watch, mode)}`] : [])].join(
    "\n",
  );
}

/** Whoever may make an alarm may call it anything, and a terminal obeys control characters. */
function clean(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  return name.replace(/[\x00-\x1f\x7f-\x9f]/g, "?");
}

function countDrift({ drift: { missing, changed, stale }, dashboard }: WatchReport): number {
  return missing.length + changed.length + stale.length + (dashboard === "missing" ? 1 : 0);
}

function cure(watch: string, mode: Watch["mode"]): string {
  return mode === "simple"
    ? `deploy the stack watch-${watch} to bring them in step`
    : "the function brings them in step within 30 minutes; if not, look at its log";
}
