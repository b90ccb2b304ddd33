import { CIS_ALARMS, OWN_ALARMS, type TrailAlarm } from "../../config/cis-monitoring";
import type { AccountFacts, AlarmFacts, FilterFacts, Watch } from "./account-facts";
import { isWhole } from "./check-record";
import { readFilterPattern } from "./filter-pattern";
import { ifKnown, type Recommendation, type Verdict } from "./finding";

const toRecommendation = (alarm: TrailAlarm): Recommendation<AccountFacts> => ({
  id: alarm.recommendation ?? "own",
  key: alarm.recommendation === undefined ? alarm.key : undefined,
  asks: `an alarm tells: ${alarm.sentence.replace(/\.$/, "")}`,
  check: ({ trails, watch }) =>
    ifKnown(trails, (all) => {
      const groups = all.filter(isWhole).flatMap(({ logGroup }) => logGroup ?? []);
      return groups.length === 0
        ? "no trail of all regions writes to CloudWatch Logs"
        : ifKnown(watch, (known) => checkAlarm(alarm, groups, known));
    }),
});

/** Section 4 of the benchmark, monitoring: a filter of any wording counts that takes every event which must be told. */
export const ALARMS: readonly Recommendation<AccountFacts>[] = CIS_ALARMS.map(toRecommendation);

/** What is asked for beyond the benchmark. */
export const ALARMS_OF_OUR_OWN: readonly Recommendation<AccountFacts>[] = OWN_ALARMS.map(toRecommendation);

/** Follows the chain from the record to somebody who reads: the longest that there is, and where it ends. */
function checkAlarm({ samples }: TrailAlarm, groups: readonly string[], watch: Watch): Verdict {
  const filters = watch.filters.filter(({ logGroup, pattern }) => {
    const takes = groups.includes(logGroup) ? readFilterPattern(pattern) : undefined;
    return takes !== undefined && samples.every(takes);
  });
  if (filters.length === 0) return "no metric filter takes all such events";
  const alarms = watch.alarms.filter(({ metric }) => filters.some(({ metrics }) => metrics.includes(metric)));
  if (alarms.length === 0) return `no alarm on metric ${metricsOf(filters)}`;
  const acting = alarms.filter(({ actions }) => actions.length > 0);
  if (acting.length === 0) return `alarm ${namesOf(alarms)} does nothing`;
  const heard = acting.flatMap(({ actions }) => actions.map((arn) => isHeard(arn, watch)));
  if (heard.includes(undefined)) return undefined;
  return heard.find((verdict) => typeof verdict === "object") ?? heard[0];
}

function isHeard(arn: string, { subscribers }: Watch): Verdict {
  const known = subscribers.get(arn);
  // What is no topic, a function for example, acts by itself.
  if (known === undefined) return undefined;
  return ifKnown(known, (count) => (count > 0 ? undefined : `topic ${arn} has no confirmed subscriber`));
}

function metricsOf(filters: readonly FilterFacts[]): string {
  return [...new Set(filters.flatMap(({ metrics }) => metrics))].join(", ");
}

function namesOf(alarms: readonly AlarmFacts[]): string {
  return alarms.map(({ name }) => name).join(", ");
}
