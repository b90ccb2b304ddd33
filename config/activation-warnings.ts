import type { Activation } from "./activation";
import type { Warning } from "./warning";

/** What a sound activation API may still surprise with. */
export function activationWarnings(activations: readonly Activation[]): Warning[] {
  return activations.flatMap(({ key, unauthenticated, network, alarm }) => {
    const path = ["activations", key];
    const warnings: Warning[] = [];
    if (unauthenticated) {
      warnings.push({
        path: [...path, "unauthenticated"],
        text: `lets every host of the allowed prefixes register a server with your account (${unauthenticated.reason})`,
        why: "a registered server gets credentials of the nodes' role; remove it to have a token asked for",
      });
    }
    if (network.subnets.length === 1) {
      warnings.push({
        path: [...path, "subnets"],
        text: "names one subnet",
        why: "if its zone fails no server can register; add a subnet in another zone",
      });
    }
    if (alarm === undefined) {
      warnings.push({
        path: [...path, "alarm"],
        text: "is not given",
        why: "its CloudWatch alarms change colour and tell nobody; name an entry of alarms",
      });
    }
    return warnings;
  });
}
