import { type Appliance, toApplianceSettings } from "../../config/appliance";
import { ConfigError } from "../../config/problems";
import { alarmTopicName } from "../../config/resource-names";
import { adviseKey } from "../../config/schema/to-problems";
import type { Outcome } from "../../functions/appliance-failover/core";
import type { Preview } from "../../functions/appliance-failover/preview";
import { activeOf } from "../../functions/common/appliance/active";
import { type ApplianceState, stateLine, toApplianceState } from "../appliance-state";
import type { Io } from "../io";
import { loadAwsCommands } from "../load-aws";
import { paint } from "../paint";
import { loadSiteFile, siteFile } from "../site-file";

/** A switch that did not end well, or an appliance that is not well: something outside. */
const NOT_WELL = 2;

interface SwitchOptions {
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly reason: string;
  readonly json?: boolean;
}

/** @throws ConfigError, ExternalError */
export async function applianceStatus(
  io: Io,
  name: string,
  argument: string | undefined,
  options: { json?: boolean; short?: boolean },
): Promise<number> {
  const { open, settings } = await openNamed(io, name, argument);
  const world = await open.look();
  const active = activeOf(world);
  const host = active?.state === "running" ? active.privateIp : undefined;
  const answers = host === undefined ? undefined : await open.ask(host);
  const state = toApplianceState(world, settings, answers, io.now().getTime());
  const code = state.ok ? 0 : NOT_WELL;
  if (options.json) io.out(toJson({ exitCode: code, appliance: name, ...state }));
  else io.out(`${stateLine(name, state)}\n${options.short ? "" : details(io, state)}`);
  return code;
}

function details(io: Io, { problems, lastOutcome }: ApplianceState): string {
  const lines = [
    ...problems.map((problem) => `  ${paint(io, "red", problem)}`),
    ...(lastOutcome === undefined ? [] : [`  last switch: ${lastOutcome}`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** @throws ConfigError, ExternalError */
export const applianceFailover = (io: Io, name: string, argument: string | undefined, options: SwitchOptions) =>
  switchNamed(io, "failover", name, argument, options);

/** @throws ConfigError, ExternalError */
export const applianceFailback = (io: Io, name: string, argument: string | undefined, options: SwitchOptions) =>
  switchNamed(io, "failback", name, argument, options);

async function switchNamed(
  io: Io,
  kind: "failover" | "failback",
  name: string,
  argument: string | undefined,
  { dryRun, force, reason, json }: SwitchOptions,
): Promise<number> {
  const { open } = await openNamed(io, name, argument);
  const wish = { kind, reason, isForced: force ?? false };
  if (dryRun) {
    const preview = await open.preview(wish);
    io.out(json ? toJson({ ok: true, exitCode: 0, appliance: name, preview }) : renderPreview(name, preview));
    return 0;
  }
  const outcome = await open.switch(wish, (line) => (json ? undefined : io.err(`  ${line}\n`)));
  const isDone = outcome.kind === "switched" && outcome.verified !== "no";
  const code = isDone ? 0 : NOT_WELL;
  io.out(
    json ? toJson({ ok: isDone, exitCode: code, appliance: name, outcome }) : `${name}: ${outcomeText(outcome)}\n`,
  );
  return code;
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case "busy":
      return "BUSY - another run is under way";
    case "refused":
    case "given-up":
      return `REFUSED - ${outcome.why}`;
    case "switched": {
      const { run, activeId, seconds, verified } = outcome;
      const service = { yes: "service answers", no: "service does NOT answer", unknown: "service not asked" }[verified];
      return `${verified === "no" ? "NOT OK" : "OK"} - ${run.kind} to ${activeId} in ${seconds} s, ${service}`;
    }
  }
}

/** Each step, and below it the calls as they would be sent; after the first those that would take its place if refused. */
function renderPreview(name: string, preview: Preview): string {
  if (preview.kind === "refused") return `${name}: would be refused: ${preview.why}\n`;
  const lines = preview.steps.flatMap(({ step, calls }) => [
    `  ${step}`,
    ...calls.map(({ operation, input }, at) => `    ${at === 0 ? "" : "or "}${operation} ${JSON.stringify(input)}`),
  ]);
  return `${name}: would ${preview.isResumed ? "end the run that was begun" : "do this"}, and nothing was changed\n${lines.join("\n")}\n`;
}

interface MaintenanceOptions {
  readonly minutes: string;
  readonly reason: string;
  readonly off?: boolean;
  readonly json?: boolean;
}

/** A week: whoever needs longer sets `detection.automatic: false`. */
const MOST_MINUTES = 7 * 24 * 60;

/** @throws ConfigError, ExternalError */
export async function applianceMaintenance(
  io: Io,
  name: string,
  argument: string | undefined,
  { minutes, reason, off, json }: MaintenanceOptions,
): Promise<number> {
  const count = /^\d{1,5}$/.test(minutes) ? Number(minutes) : 0;
  if (count < 1 || count > MOST_MINUTES) {
    const problem = {
      path: ["--minutes"],
      rule: `must be 1 to ${MOST_MINUTES}`,
      got: minutes,
      fix: "use for example 60",
    };
    throw new ConfigError("appliance maintenance", [problem]);
  }
  const { open } = await openNamed(io, name, argument);
  const untilMs = io.now().getTime() + count * 60_000;
  await open.maintain(off ? undefined : { untilMs, reason });
  const until = off ? undefined : new Date(untilMs).toISOString();
  if (json) io.out(toJson({ ok: true, exitCode: 0, appliance: name, maintenanceUntil: until ?? null }));
  else io.out(`${name}: ${until === undefined ? "no maintenance" : `in maintenance until ${until}`}\n`);
  return 0;
}

async function openNamed(io: Io, name: string, argument: string | undefined) {
  const file = siteFile(io, argument);
  const site = loadSiteFile(io, argument);
  const appliance = choose(file, site.appliances, name);
  const settings = toApplianceSettings(site.name, appliance);
  const { openAppliance } = await loadAwsCommands();
  const topic = appliance.alarm === undefined ? undefined : alarmTopicName(site.name, appliance.alarm);
  return { settings, open: openAppliance(settings, topic) };
}

function choose(file: string, appliances: readonly Appliance[], name: string): Appliance {
  const found = appliances.find(({ key }) => key === name);
  if (found) return found;
  const fix = adviseKey(
    name,
    appliances.map(({ key }) => key),
  );
  throw new ConfigError(file, [
    { path: ["appliances"], rule: "must have the appliance that is named", got: name, fix },
  ]);
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
