import type { Known } from "./account-facts";

/** What a recommendation of the benchmark asks, and what the account says to it. */
export interface Finding {
  /** Number in the benchmark; `own` where it is asked for beyond that. */
  readonly id: string;
  /** Tells those apart that the benchmark has no number for. */
  readonly key?: string;
  readonly asks: string;
  readonly status: "ok" | "missing" | "unknown";
  /** Why it is missing or unknown. */
  readonly found?: string;
}

export interface Recommendation<Facts> {
  readonly id: string;
  readonly key?: string;
  readonly asks: string;
  readonly check: (facts: Facts) => Verdict;
}

/** Nothing: all is as it should be. A text: what is missing. `isUnknown`: why nobody can tell. */
export type Verdict = undefined | string | { readonly isUnknown: string };

export function toFinding<Facts>({ check, ...asked }: Recommendation<Facts>, facts: Facts): Finding {
  const verdict = check(facts);
  if (verdict === undefined) return { ...asked, status: "ok" };
  if (typeof verdict === "string") return { ...asked, status: "missing", found: verdict };
  return { ...asked, status: "unknown", found: verdict.isUnknown };
}

/** The check of what is known; of what is not, why. */
export function ifKnown<T>(fact: Known<T>, check: (value: T) => Verdict): Verdict {
  return "is" in fact ? check(fact.is) : fact;
}

/** What is missing, where somebody is the reason. */
export function unlessNone(names: readonly string[], why: string): Verdict {
  return names.length === 0 ? undefined : `${names.join(", ")}: ${why}`;
}
