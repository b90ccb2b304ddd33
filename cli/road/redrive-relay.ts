import { ConfigError } from "../../config/problems";
import { relayName } from "../../config/resource-names";
import { resolveRelay } from "../../config/roads";
import type { Io } from "../io";
import { loadAwsCommands } from "../load-aws";
import { loadSiteFile, siteFile } from "../site-file";
import { findEntry } from "./find-entry";

/**
 * Moves what a relay has given up back into its queue.
 * @throws {ConfigError} where the file has no such relay, or has it on another cloud
 * @throws {ExternalError} where AWS does not do it
 */
export async function redriveRelay(
  io: Io,
  name: string,
  argument: string | undefined,
  options: { readonly json?: boolean },
): Promise<number> {
  const file = siteFile(io, argument);
  const site = loadSiteFile(io, argument);
  const relay = findEntry(file, "relays", name, site.relays);
  const { network } = resolveRelay(site, relay);
  if (network.provider !== "aws") {
    throw new ConfigError(file, [
      {
        path: ["relays", name, "network"],
        rule: "must be on aws to be redriven",
        got: relay.network,
        fix: "do nothing: there a message is tried again by itself until its seven days are over",
      },
    ]);
  }
  const queue = `${relayName(site.name, relay.key)}-given-up.fifo`;
  const moved = await (await loadAwsCommands()).redriveQueue(network.region, queue);
  if (options.json) io.out(`${JSON.stringify({ ok: true, relay: name, queue, ...moved }, null, 2)}\n`);
  else if (moved.task === undefined) io.out(`${name}: nothing was given up\n`);
  else io.out(`${name}: about ${moved.messages} given-up alarms go to the chat again, in their order\n`);
  return 0;
}
