import type { AccountFacts, Known, TrailFacts } from "./account-facts";
import { ifKnown, type Recommendation, type Verdict } from "./finding";

/** Section 3 of the benchmark, the record, as far as CloudTrail, KMS and S3 decide it. */
export const RECORD: readonly Recommendation<AccountFacts>[] = [
  {
    id: "3.1",
    asks: "a trail records the management events of all regions",
    check: ({ trails }) =>
      ifKnown(trails, (all) => (all.some(isWhole) ? undefined : (all.map(whyNotWhole)[0] ?? "there is no trail"))),
  },
  {
    id: "3.2",
    asks: "log files are signed",
    check: (facts) => each(facts, ({ isValidated }) => ({ is: isValidated }), "they are not signed"),
  },
  {
    id: "3.4",
    asks: "who reads the log files is recorded",
    check: (facts) => each(facts, ({ isAccessLogged }) => isAccessLogged, "its bucket has no access log"),
  },
  {
    id: "3.5",
    asks: "log files are encrypted with a key of the account",
    check: (facts) => each(facts, ({ hasKey }) => ({ is: hasKey }), "no key"),
  },
  {
    id: "3.6",
    asks: "the trail's key is rotated",
    check: (facts) => each(facts, ({ isKeyRotated }) => isKeyRotated, "no key, or one that is not rotated"),
  },
];

/** Whether it records everything that management is. */
export function isWhole({ isLogging, isMultiRegion, hasManagementEvents }: TrailFacts): boolean {
  return isLogging && isMultiRegion && hasManagementEvents;
}

function whyNotWhole({ name, isLogging, isMultiRegion }: TrailFacts): string {
  if (!isLogging) return `trail ${name} is stopped`;
  return isMultiRegion ? `trail ${name} leaves out management events` : `trail ${name} records one region only`;
}

function each({ trails }: AccountFacts, is: (trail: TrailFacts) => Known<boolean>, why: string): Verdict {
  return ifKnown(trails, (all) => {
    if (all.length === 0) return "there is no trail";
    const without = all.filter((trail) => {
      const known = is(trail);
      return "is" in known && !known.is;
    });
    if (without.length > 0) return without.map(({ name }) => `trail ${name}: ${why}`).join("; ");
    return all.map(is).find((known) => "isUnknown" in known) as Verdict;
  });
}
