import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LibreswanVersion } from "../../../config/schema/controllers";
import { migrateConf } from "../../../libreswan/migrate/migrate-conf";
import type { MigrationReport } from "../../../libreswan/migrate/migration-report";

const FOLDER = join(__dirname, "samples");

export const SAMPLES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => !name.endsWith(".secrets"))
  .sort();

export function readSample(name: string): { conf: string; confName: string; secrets?: string; secretsName?: string } {
  const conf = readFileSync(join(FOLDER, name), "utf8");
  const secretsName = name.replace(/\.\w+$/, ".secrets");
  const path = join(FOLDER, secretsName);
  return { conf, confName: name, ...(existsSync(path) ? { secrets: readFileSync(path, "utf8"), secretsName } : {}) };
}

export function migrateSample(name: string, target: LibreswanVersion): MigrationReport {
  return migrateConf({ ...readSample(name), target });
}
