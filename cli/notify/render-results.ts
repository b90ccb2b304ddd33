import type { Outcome } from "../../functions/s2s-notifier/outcome";
import type { ResultLine } from "../../functions/s2s-notifier/results";
import { renderTable } from "../table";
import { OUTCOMES } from "./result-query";

const HEAD = ["at", "outcome", "attempt", "status", "ms", "host", "id", "error"];

export function renderResults(counts: Readonly<Record<Outcome, number>>, newest: readonly ResultLine[]): string {
  const all = OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);
  const parts = OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => `${counts[outcome]} ${outcome}`);
  const summary = all === 0 ? "no results" : `${all} results: ${parts.join(", ")}`;
  if (newest.length === 0) return `${summary}\n`;
  const shown = newest.length < all ? ` (the newest ${newest.length} below)` : "";
  return `${summary}${shown}\n\n${renderTable([HEAD, ...newest.map(row)])}\n`;
}

function row({ at, outcome, attempt, status, ms, host, id, error }: ResultLine): string[] {
  return [at, outcome, String(attempt), cell(status), cell(ms), cell(host), id, error ?? ""];
}

const cell = (value: string | number | undefined): string => (value === undefined ? "-" : String(value));
