import type { Command } from "commander";
import type { Act } from "../act";
import { watchPreview } from "../commands/watch-preview";
import { watchStatus } from "../commands/watch-status";

/** `kakehashi watch …`: the site file's watches, in the account. */
export function addWatchCommands(program: Command, act: Act): void {
  const watch = program.command("watch").description("alarms and dashboards for instances found by their Name tag");
  watch
    .command("status")
    .argument("[site]", "the site file")
    .option("--watch <key>", "one watch of the file instead of all")
    .option("--strict", "exit with 1 where an alarm is missing, changed or stale")
    .option("--json", "machine-readable output")
    .description("raised alarms, and where the account differs from what should be there; changes nothing")
    .action(act(watchStatus));
  watch
    .command("preview")
    .argument("[site]", "the site file")
    .requiredOption("--watch <key>", "which watch of the file")
    .option("--instances <count>", "for so many instances", "12")
    .option("--out <file>", "where to write; standard output unless given")
    .option("--json", "machine-readable output")
    .description("draw the watch's dashboard as SVG, with invented values; asks AWS nothing")
    .action(act(watchPreview));
}
