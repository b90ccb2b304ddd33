import { type Command, Option } from "commander";
import type { Act } from "../act";
import { HOSTS } from "../activation-client/render-client";
import { activationClient } from "../commands/activation-client";
import { activationNodes, activationStatus } from "../commands/activation-status";

/** `kakehashi activations …`: the APIs that hand out hybrid activations, and what their servers run. */
export function addActivationCommands(program: Command, act: Act): void {
  const activations = program
    .command("activations")
    .description("APIs by which on-premises servers join AWS Systems Manager");
  const add = (name: string) =>
    activations
      .command(name)
      .argument("<name>", "an entry of activations in the site file")
      .argument("[site]", "the site file")
      .option("--json", "machine-readable output");
  add("client")
    .requiredOption("--facts <file>", "outputs of the deployed stack (JSON), with the sensitive ones")
    .option("--out <folder>", "where to write", "out")
    .option("--agent-key <file>", "AWS's public key for the agent, to be installed with the rest")
    .addOption(new Option("--host <which>", "the name that servers call the API by").choices([...HOSTS]))
    .description("write what servers run: Linux, cloud-init, Windows; and lines for the site's DNS servers")
    .action(act(activationClient));
  add("status")
    .description("the present activation: handed out, registered, expiry; changes nothing")
    .action(act(activationStatus("status")));
  add("renew")
    .description("make the next activation now; codes that are handed out stay good")
    .action(act(activationStatus("renew")));
  add("nodes")
    .description("the servers that registered, with what, and their ping status")
    .action(act(activationNodes));
}
