import { readFileSync } from "node:fs";
import { parseSite } from "./parse-site";
import { ExternalError } from "./problems";
import type { Site } from "./site";

/**
 * The only place of `config/` that reads disk.
 * @throws ExternalError if the file can't be read, ConfigError if its content is wrong
 */
export function loadSite(file: string): Site {
  return parseSite(readText(file), file);
}

/** @throws ExternalError */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const advice =
      code === "ENOENT"
        ? "it does not exist; `kakehashi init` makes one"
        : code === "EISDIR"
          ? "it is a folder; name the file"
          : `${code ?? error}`;
    throw new ExternalError(`can't read ${JSON.stringify(file)}: ${advice}`);
  }
}
