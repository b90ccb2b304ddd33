import { planRoads } from "../../config/roads";
import type { Io } from "../io";
import { loadAwsCommands } from "../load-aws";
import { loadSiteFile, siteFile } from "../site-file";
import { findEntry } from "./find-entry";
import { type DrillStep, planDrill } from "./plan-drill";

export interface DrillOptions {
  readonly over?: boolean;
  readonly print?: boolean;
  readonly json?: boolean;
}

/**
 * Publishes where the road begins on AWS; prints the command for the other clouds, whose tools have the credentials.
 * @throws {ConfigError} where the file has no such alarm
 * @throws {ExternalError} where AWS does not take the message
 */
export async function drillAlarm(
  io: Io,
  name: string,
  argument: string | undefined,
  options: DrillOptions,
): Promise<number> {
  const file = siteFile(io, argument);
  const site = loadSiteFile(io, argument);
  const alarm = findEntry(file, "alarms", name, site.alarms);
  const drill = {
    site: site.name,
    alarm: alarm.key,
    state: options.over ? "resolved" : "firing",
    at: new Date(),
  } as const;
  const steps = planRoads(site)
    .filter((road) => road.alarm === alarm)
    .map((road) => planDrill(road, drill));
  const done: object[] = [];
  for (const step of steps) {
    const messageId = options.print ? undefined : await publish(step);
    done.push({ start: step.start, messageId, command: step.command, expect: step.expect });
    if (!options.json) io.out(describe(step, messageId));
  }
  if (options.json) io.out(`${JSON.stringify({ ok: true, alarm: name, steps: done }, null, 2)}\n`);
  else if (steps.length === 0) io.out(`${name}: no road begins anywhere; nothing watches for it\n`);
  return 0;
}

async function publish({ topic, message }: DrillStep): Promise<string | undefined> {
  if (!topic) return undefined;
  return (await loadAwsCommands()).publishToTopic(topic.region, topic.name, message);
}

function describe({ start, command, expect }: DrillStep, messageId: string | undefined): string {
  const how = messageId === undefined ? `run this there:\n  ${command}` : `published as ${messageId}`;
  return `${start}: ${how}\n  expect ${expect}\n`;
}
