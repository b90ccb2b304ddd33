import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseSite } from "../../config/parse-site";
import { readFacts } from "../../config/read-facts";
import type { LibreswanVersion } from "../../config/schema/controllers";
import type { Site } from "../../config/site";
import type { TreeFile } from "../../config/tree-file";
import type { ConnectionFacts } from "../../config/tunnel-facts";
import type { ControllerPlan } from "../../libreswan/controller-plan";
import { planController } from "../../libreswan/plan-controller";

export const CASES_FOLDER = join(__dirname, "../cases");
export const CASE_NAMES = readdirSync(CASES_FOLDER).filter((name) => existsSync(join(CASES_FOLDER, name, "site.yaml")));

export interface Case {
  readonly site: Site;
  readonly facts: ReadonlyMap<string, ConnectionFacts>;
}

/** A scenario folder's inputs. `libreswan` puts every controller on another version. */
export function loadCase(name: string, libreswan?: LibreswanVersion): Case {
  const text = readFileSync(join(CASES_FOLDER, name, "site.yaml"), "utf8");
  const site = parseSite(
    libreswan ? text.replace(/libreswan: "[\d.]+"/g, `libreswan: "${libreswan}"`) : text,
    `${name}/site.yaml`,
  );
  const facts = readFacts(
    [{ name: "facts.json", text: readFileSync(join(CASES_FOLDER, name, "facts.json"), "utf8") }],
    site,
  );
  return { site, facts: facts.connections };
}

export function planCase(name: string, libreswan?: LibreswanVersion): ControllerPlan[] {
  const { site, facts } = loadCase(name, libreswan);
  return site.controllers.map((controller) => planController(site, controller, facts));
}

/** Every file below a folder, as a tree. */
export function readTree(folder: string): TreeFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file), content: readFileSync(file, "utf8"), mode: 0o644 }));
}
