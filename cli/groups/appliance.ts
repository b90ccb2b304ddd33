import type { Command } from "commander";
import type { Act } from "../act";
import { applianceFailback, applianceFailover, applianceMaintenance, applianceStatus } from "../commands/appliance";

/** `kakehashi appliance …`: VPN servers on EC2. Each answers one line first, so that monitoring can call it. */
export function addApplianceCommands(program: Command, act: Act): void {
  const appliance = program.command("appliance").description("VPN servers on EC2: who serves, and who takes over");
  const add = (name: string, description: string) =>
    appliance
      .command(name)
      .argument("<name>", "the appliance's key in the site file")
      .argument("[site]", "the site file")
      .option("--json", "machine-readable output")
      .description(description);
  add("status", "who serves, whether address and routes lead there, what is not well; exits with 2 if something is not")
    .option("--short", "one line")
    .action(act(applianceStatus));
  const addSwitch = (name: string, description: string) =>
    add(name, description)
      .option("--dry-run", "change nothing; print the calls to AWS that would be made")
      .option("--reason <text>", "why, for the record and the notice", "asked by command");
  addSwitch("failover", "move to the other instance, or to a copy; ends a run that was left unfinished")
    .option("--force", "in maintenance and in the hold-down too")
    .action(act(applianceFailover));
  addSwitch("failback", "return to the instance that served first, once its service answers").action(
    act(applianceFailback),
  );
  add("maintenance", "no fail-over for a while, unless forced")
    .option("--minutes <count>", "for so long", "60")
    .option("--reason <text>", "why", "asked by command")
    .option("--off", "end it now")
    .action(act(applianceMaintenance));
}
