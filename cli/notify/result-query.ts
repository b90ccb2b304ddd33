import type { Outcome } from "../../functions/s2s-notifier/outcome";
import { partition, type ResultLine } from "../../functions/s2s-notifier/results";

/** Which results are wanted. */
export interface ResultQuery {
  /** Milliseconds since the epoch, from and before. */
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly id?: string;
  readonly host?: string;
  readonly outcome?: Outcome;
}

export const OUTCOMES: readonly Outcome[] = ["delivered", "rejected", "expired", "retry"];

const HOUR_MS = 3_600_000;

/** An object lies in the hour in which its batch began, which is at most so long before a line of it. */
const LONGEST_BATCH_MS = 900_000;

/** The partitions in which results of these times may lie, oldest first. */
export function partitionsOf({ sinceMs, untilMs }: Pick<ResultQuery, "sinceMs" | "untilMs">): string[] {
  const partitions: string[] = [];
  const first = Math.floor((sinceMs - LONGEST_BATCH_MS) / HOUR_MS) * HOUR_MS;
  for (let ms = first; ms < untilMs; ms += HOUR_MS) partitions.push(partition(new Date(ms).toISOString()));
  return partitions;
}

export function isWanted(line: ResultLine, { sinceMs, untilMs, id, host, outcome }: ResultQuery): boolean {
  const ms = Date.parse(line.at);
  return (
    ms >= sinceMs &&
    ms < untilMs &&
    (id === undefined || line.id === id) &&
    (host === undefined || line.host === host) &&
    (outcome === undefined || line.outcome === outcome)
  );
}

/** Counts all results and keeps the newest, so that memory does not depend on their number. */
export class ResultCollector {
  readonly counts: Record<Outcome, number> = { delivered: 0, rejected: 0, expired: 0, retry: 0 };
  private kept: ResultLine[] = [];

  constructor(private readonly most: number) {}

  add(lines: readonly ResultLine[]): void {
    for (const { outcome } of lines) this.counts[outcome]++;
    this.kept.push(...lines);
    if (this.kept.length > 2 * this.most) this.kept = this.newest();
  }

  /** Newest first. */
  newest(): ResultLine[] {
    return this.kept.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, this.most);
  }
}
