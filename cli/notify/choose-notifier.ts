import type { Notifier } from "../../config/notifier";
import { ConfigError } from "../../config/problems";
import type { Site } from "../../config/site";

/**
 * The notifier that a command works on: the one that is named, or the only one.
 * @param file the site file, as messages call it
 * @throws ConfigError
 */
export function chooseNotifier({ notifiers }: Pick<Site, "notifiers">, file: string, key?: string): Notifier {
  const [first, ...others] = notifiers;
  if (!first) {
    throw new ConfigError(file, [
      { path: ["notifiers"], rule: "must hold a notifier", fix: "add one, for example partners: { region: … }" },
    ]);
  }
  if (key === undefined && others.length === 0) return first;
  const chosen = notifiers.find((notifier) => notifier.key === key);
  if (chosen) return chosen;
  const known = notifiers.map((notifier) => notifier.key).join(", ");
  throw new ConfigError("notify", [
    { path: ["--notifier"], rule: "must name a notifier of the site file", got: key, fix: `known are ${known}` },
  ]);
}
