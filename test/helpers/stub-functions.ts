import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FUNCTIONS = join(__dirname, "../../functions");

/** A folder with a stand-in for every function's zip: golden files must not change with each line of the functions' code. */
export function stubFunctions(below: string): string {
  const folder = join(below, "functions");
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(FUNCTIONS)) {
    if (existsSync(join(FUNCTIONS, name, "handler-aws.ts"))) writeFileSync(join(folder, `${name}.zip`), name);
  }
  return folder;
}
