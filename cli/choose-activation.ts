import type { Activation } from "../config/activation";
import { ConfigError } from "../config/problems";
import { adviseKey } from "../config/schema/to-problems";
import type { Site } from "../config/site";
import type { Io } from "./io";
import { loadSiteFile, siteFile } from "./site-file";

/** @throws ConfigError where the site file has no such entry */
export function chooseActivation(
  io: Io,
  name: string,
  argument: string | undefined,
): { readonly site: Site; readonly activation: Activation } {
  const site = loadSiteFile(io, argument);
  const activation = site.activations.find(({ key }) => key === name);
  if (activation) return { site, activation };
  const keys = site.activations.map(({ key }) => key);
  throw new ConfigError(siteFile(io, argument), [
    { path: ["activations"], rule: "must have the entry that is asked for", got: name, fix: adviseKey(name, keys) },
  ]);
}
