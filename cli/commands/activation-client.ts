import { join } from "node:path";
import { activationStackName } from "../../config/activation";
import { readText } from "../../config/load-site";
import { ConfigError } from "../../config/problems";
import { readActivationOutputs } from "../../config/read-activation-facts";
import { activationName } from "../../config/resource-names";
import { writeTree } from "../../libreswan/write-tree";
import { type Host, renderActivationClient } from "../activation-client/render-client";
import { chooseActivation } from "../choose-activation";
import type { Io } from "../io";
import { resolveIn } from "../site-file";

interface Options {
  readonly facts: string;
  readonly out: string;
  readonly agentKey?: string;
  readonly host?: Host;
  readonly json?: boolean;
}

/** @throws ConfigError, ExternalError */
export function activationClient(io: Io, name: string, argument: string | undefined, options: Options): number {
  const { site, activation } = chooseActivation(io, name, argument);
  const file = { name: options.facts, text: readText(resolveIn(io, options.facts)) };
  const outputs = readActivationOutputs(file, activationStackName(activation), !activation.unauthenticated);
  const agentKey = options.agentKey === undefined ? undefined : readKey(io, options.agentKey);
  const shown = join(options.out, activationName(site.name, activation.key));
  const files = renderActivationClient({ ...outputs, host: options.host, agentKey });
  const changes = writeTree(resolveIn(io, shown), files);
  if (options.json) io.out(`${JSON.stringify({ ok: true, folder: shown, changes }, null, 2)}\n`);
  else io.out(`${renderSummary(shown, changes.length, agentKey !== undefined, outputs.token !== undefined)}\n`);
  return 0;
}

function readKey(io: Io, name: string): string {
  const text = readText(resolveIn(io, name));
  if (/^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?$/m.test(text) && !/PRIVATE KEY/.test(text)) return text;
  throw new ConfigError(name, [
    {
      path: [],
      rule: "must be an ASCII-armoured PGP public key",
      fix: "save it from https://docs.aws.amazon.com/systems-manager/latest/userguide/verify-agent-signature.html",
    },
  ]);
}

function renderSummary(folder: string, changed: number, hasKey: boolean, hasToken: boolean): string {
  return [
    `${folder}: ${changed === 0 ? "unchanged" : changed === 1 ? "1 file written" : `${changed} files written`}`,
    ...(hasKey
      ? []
      : ["note: without --agent-key linux/install.sh asks for AWS's public key, and cloud-init.yaml has none"]),
    `Next: copy ${join(folder, "linux")} to a server${hasToken ? " (it holds the token: scp, not mail)" : ""} and run \`sudo ./install.sh\` there.`,
  ].join("\n");
}
