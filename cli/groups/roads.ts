import type { Command } from "commander";
import type { Act } from "../act";
import { drillAlarm } from "../road/drill-alarm";
import { redriveRelay } from "../road/redrive-relay";

/** `drill` and `relay`: whether a road of alarms works, and what was given up on it. */
export function addRoadCommands(program: Command, act: Act): void {
  program
    .command("drill")
    .description("try what is only needed when something fails")
    .command("alarm")
    .argument("<name>", "an entry of alarms")
    .argument("[site]", "the site file")
    .option("--over", "tell the end of the drill instead of its beginning")
    .option("--print", "publish nothing; print the commands")
    .option("--json", "machine-readable output")
    .description("send a marked test event where the alarm's roads begin, and say what to expect")
    .action(act(drillAlarm));
  program
    .command("relay")
    .description("look after relays")
    .command("redrive")
    .argument("<name>", "an entry of relays, on aws")
    .argument("[site]", "the site file")
    .option("--json", "machine-readable output")
    .description("send the alarms again that a relay has given up")
    .action(act(redriveRelay));
}
