import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Road, RoadOptions } from "../../lab/road/start-road";
import { startRoad } from "../../lab/road/start-road";
import { type PreparedRoad, prepareRoad } from "../../lab/road/synthesise";
import { motoUrl, resetMoto } from "../aws/moto";

const ROOT = join(__dirname, "../..");
const prepared = new Map<"en" | "ja", Promise<PreparedRoad>>();

/** A road in a new account. */
export async function newRoad(options: Partial<RoadOptions> & { readonly language?: "en" | "ja" } = {}): Promise<Road> {
  await resetMoto();
  const { language = "en" } = options;
  const known = prepared.get(language) ?? prepareRoad(ROOT, language);
  prepared.set(language, known);
  return startRoad({ root: ROOT, emulator: motoUrl(), prepared: await known, ...options });
}

/** Waits for what must come, however loaded the machine is. @throws saying what did not come */
export async function until<T>(what: string, look: () => T | undefined | false, seconds = 120): Promise<T> {
  for (const endMs = Date.now() + seconds * 1000; Date.now() < endMs; await sleep(50)) {
    const found = look();
    if (found) return found;
  }
  throw new Error(`${what}: did not come within ${seconds} s`);
}
