import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readText } from "../../config/load-site";
import { ConfigError, ExternalError } from "../../config/problems";
import { LIBRESWAN_VERSIONS, type LibreswanVersion } from "../../config/schema/controllers";
import { migrateConf } from "../../libreswan/migrate/migrate-conf";
import type { MigrationReport } from "../../libreswan/migrate/migration-report";
import { renderReport } from "../../libreswan/migrate/render-report";
import type { Io } from "../io";
import { resolveIn } from "../site-file";

interface MigrateOptions {
  readonly secrets?: string;
  readonly target: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** The keys go to a file alone, for root alone: never to a terminal, which may be logged. */
export function migrate(io: Io, file: string, options: MigrateOptions): number {
  const report = migrateConf({
    conf: readText(resolveIn(io, file)),
    confName: file,
    secrets: options.secrets === undefined ? undefined : readText(resolveIn(io, options.secrets)),
    secretsName: options.secrets,
    target: parseTarget(options.target),
  });
  const written = options.out === undefined ? [] : writeFiles(io, options.out, report);
  const { secrets, ...shown } = report;
  if (options.json) {
    io.out(`${JSON.stringify({ ok: true, ...shown, hasSecrets: secrets !== undefined, written }, null, 2)}\n`);
    return 0;
  }
  io.out(`${renderReport(report, { color: io.hasColor })}\n`);
  if (written.length > 0) io.out(`Wrote ${written.join(" and ")}.\n`);
  else {
    io.out(`\n# ---- ipsec.conf for Libreswan ${report.target}\n${report.text}`);
    if (secrets !== undefined)
      io.out("\n# ipsec.secrets is not shown: name a folder with --out to write both files.\n");
  }
  return 0;
}

function parseTarget(text: string): LibreswanVersion {
  const version = LIBRESWAN_VERSIONS.find((known) => known === text);
  if (version) return version;
  throw new ConfigError("migrate", [
    {
      path: ["--target"],
      rule: `must be one of ${LIBRESWAN_VERSIONS.join(", ")}`,
      got: text,
      fix: "write what `ipsec --version` prints on the controller",
    },
  ]);
}

function writeFiles(io: Io, folder: string, { text, secrets }: MigrationReport): string[] {
  const files: [name: string, content: string, mode: number][] = [
    ["ipsec.conf", text, 0o644],
    ...(secrets === undefined ? [] : [["ipsec.secrets", secrets, 0o600] as [string, string, number]]),
  ];
  const present = files.map(([name]) => join(folder, name)).filter((name) => existsSync(resolveIn(io, name)));
  if (present.length > 0) {
    throw new ConfigError(
      "migrate",
      present.map((name) => ({
        path: [name],
        rule: "must not exist yet",
        fix: "name another folder with --out, or move it away",
      })),
    );
  }
  try {
    mkdirSync(resolveIn(io, folder), { recursive: true });
    for (const [name, content, mode] of files)
      writeFileSync(resolveIn(io, join(folder, name)), content, { mode, flag: "wx" });
  } catch (error) {
    throw new ExternalError(`can't write to ${JSON.stringify(folder)}: ${(error as Error).message}`);
  }
  return files.map(([name]) => join(folder, name));
}
