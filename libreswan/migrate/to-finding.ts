import { LIBRESWAN_VERSIONS, type LibreswanVersion } from "../../config/schema/controllers";
import type { Finding, Severity } from "./migration-report";
import { ALL_OK, isFatal, type Verdicts } from "./verdict";

export interface FindingDraft {
  readonly file: string;
  readonly line: number;
  readonly keyword: string;
  readonly text: string;
  /** Every version's `ok` unless given. */
  readonly verdicts?: Verdicts;
  /** Follows from the verdicts unless given. */
  readonly severity?: Severity;
  readonly why: string;
  readonly fix: string;
  readonly source?: string;
}

export function toFinding(draft: FindingDraft, target: LibreswanVersion): Finding {
  const verdicts = draft.verdicts ?? ALL_OK;
  const touched = LIBRESWAN_VERSIONS.filter((version) => verdicts[version] !== "ok");
  return {
    ...draft,
    verdicts,
    severity: draft.severity ?? severityOf(verdicts, target),
    versions: touched.length > 0 ? touched : LIBRESWAN_VERSIONS,
  };
}

function severityOf(verdicts: Verdicts, target: LibreswanVersion): Severity {
  if (isFatal(verdicts[target])) return "error";
  if (verdicts[target] !== "ok" || Object.values(verdicts).some(isFatal)) return "warning";
  return "advice";
}

const MAX_TEXT_LENGTH = 100;

/** A line of the user's file for a terminal: no control characters, not too long. */
export function showText(text: string): string {
  const plain = text.replace(/[\p{C}\u2028\u2029]/gu, "?");
  return plain.length > MAX_TEXT_LENGTH ? `${plain.slice(0, MAX_TEXT_LENGTH)}…` : plain;
}
