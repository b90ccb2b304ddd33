import type { LibreswanVersion } from "../../config/schema/controllers";
import { checkConns } from "./check-conns";
import { checkForm, checkProse } from "./check-form";
import { checkLines } from "./check-lines";
import { checkSecrets } from "./check-secrets";
import { describeConn } from "./describe-conn";
import { detectClouds } from "./detect-cloud";
import type { MigratedConn, MigrationReport } from "./migration-report";
import { type PlannedConn, planMigration } from "./plan-migration";
import { planSteps } from "./plan-steps";
import { readConf } from "./read-conf";
import { readSecrets, toSecretLines } from "./read-secrets";
import { renderMigratedConf } from "./render-migrated";
import { renderMigratedSecrets } from "./render-migrated-secrets";
import { resolveConns } from "./resolve-conns";
import { SecretIndex } from "./secret-index";
import { type FindingDraft, toFinding } from "./to-finding";

export interface MigrateInput {
  /** An ipsec.conf, or a text that holds one, as AWS's Openswan download. */
  readonly conf: string;
  /** For messages: `aws.txt`. */
  readonly confName: string;
  readonly secrets?: string;
  readonly secretsName?: string;
  /** The version to write for. */
  readonly target: LibreswanVersion;
}

/**
 * What fails of an old configuration, line by line and on which Libreswan, and the text that works on `target`. Keys of
 * the old files are in `secrets` of the result and nowhere else.
 * @throws ConfigError when the text holds no conn or is too large to be an ipsec.conf.
 */
export function migrateConf(input: MigrateInput): MigrationReport {
  const { confName, target } = input;
  const document = readConf(input.conf, confName);
  const resolved = resolveConns(document, confName);
  const cloudOf = detectClouds(document);
  const conns = resolved.conns.map((conn) => describeConn(conn, cloudOf(conn)));
  const plan = planMigration(document, conns, target);
  const inConf = document.secretLines.length > 0;
  const files = [
    ...(inConf ? [{ name: confName, secrets: readSecrets(document.secretLines) }] : []),
    ...(input.secrets === undefined
      ? []
      : [{ name: input.secretsName ?? "ipsec.secrets", secrets: readSecrets(toSecretLines(input.secrets)) }]),
  ];
  const all = {
    entries: files.flatMap(({ secrets }) => secrets.entries),
    includes: files.flatMap(({ secrets }) => secrets.includes),
  };
  const index = new SecretIndex(all.entries);
  const drafts = [
    ...checkLines(document, confName),
    ...checkForm([...document.notes, ...resolved.notes], confName),
    ...checkProse(document.notes, confName),
    ...checkConns(plan.conns, confName, target),
    ...files.flatMap(({ name, secrets }, position) =>
      checkSecrets(secrets, index, position === files.length - 1 ? plan.conns : [], name),
    ),
  ];
  return {
    target,
    confName,
    ...(input.secretsName === undefined ? {} : { secretsName: input.secretsName }),
    conns: plan.conns.map(toMigratedConn),
    findings: inFileOrder(drafts, confName).map((draft) => toFinding(draft, target)),
    steps: planSteps(plan, files.length > 0),
    text: renderMigratedConf(plan, target),
    ...(files.length > 0 ? { secrets: renderMigratedSecrets(all, index, plan.conns) } : {}),
  };
}

function toMigratedConn({ facts, name, device }: PlannedConn): MigratedConn {
  const { cloud, cloudReason } = facts;
  return {
    name,
    line: facts.conn.line,
    peer: facts.peer,
    mode: device ? "route-based" : "policy-based",
    ...(cloud ? { cloud, cloudReason } : {}),
    ...(device ? { interfaceName: device.name } : {}),
  };
}

/** The conf first; of one line in the order in which they were found, and nothing twice. */
function inFileOrder(drafts: readonly FindingDraft[], confName: string): FindingDraft[] {
  const seen = new Set<string>();
  return drafts
    .filter(({ file, line, keyword, why }) => {
      const key = `${file}\n${line}\n${keyword}\n${why}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => Number(a.file !== confName) - Number(b.file !== confName) || a.line - b.line);
}
