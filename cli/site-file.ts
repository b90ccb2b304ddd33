import { isAbsolute, join } from "node:path";
import { loadSite } from "../config/load-site";
import type { Site } from "../config/site";
import type { Io } from "./io";

/** The site file that a command works on: its argument, else what SITE names, else site.yaml. Never an example. */
export function siteFile(io: Io, argument: string | undefined): string {
  return argument ?? (io.env.SITE || "site.yaml");
}

/** @throws ExternalError, ConfigError */
export function loadSiteFile(io: Io, argument: string | undefined): Site {
  return loadSite(resolveIn(io, siteFile(io, argument)));
}

/** Messages keep the name that the user gave: relative names stay relative where the working directory is the real one. */
export function resolveIn(io: Io, file: string): string {
  return isAbsolute(file) || io.cwd === process.cwd() ? file : join(io.cwd, file);
}
