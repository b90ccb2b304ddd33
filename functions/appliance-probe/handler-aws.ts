import { setTimeout as sleep } from "node:timers/promises";
import { type ProbeAnswer, probeRequest } from "../common/appliance/probe-contract";
import { askService } from "./ask-service";
import { probe } from "./core";

/**
 * Called by the watcher, the engine and the commands.
 * @throws ZodError where it is asked for something else
 */
export function handler(event: unknown): Promise<ProbeAnswer> {
  return probe(
    { ask: askService, sleep: (milliseconds) => sleep(milliseconds), now: Date.now },
    probeRequest.parse(event),
  );
}
