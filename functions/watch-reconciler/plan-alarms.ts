import type { AlarmDefinition } from "../common/watch/instance-alarms";

/** An alarm as it is in the account. */
export interface ExistingAlarm extends AlarmDefinition {
  readonly isRaised: boolean;
  /** False while somebody has its actions switched off: that stays so. */
  readonly hasActionsEnabled: boolean;
  /** Settings that we write alike everywhere, where somebody has changed them. */
  readonly strayed: readonly string[];
}

/** What keeps the alarms in step. Names are in the order of the instances. */
export interface AlarmPlan {
  readonly puts: readonly AlarmPut[];
  /** Names of alarms whose instance, file system or threshold is gone. */
  readonly stale: readonly string[];
  readonly unchanged: number;
}

export interface AlarmPut {
  readonly definition: AlarmDefinition;
  readonly hasActionsEnabled: boolean;
  /** The fields that differ from what is there; empty where there is none. */
  readonly changed: readonly string[];
}

const FIELDS = [
  "description",
  "namespace",
  "metricName",
  "dimensions",
  "statistic",
  "periodSeconds",
  "periods",
  "threshold",
  "actions",
] as const;

export function planAlarms(wanted: readonly AlarmDefinition[], existing: readonly ExistingAlarm[]): AlarmPlan {
  const there = new Map(existing.map((alarm) => [alarm.name, alarm]));
  const puts = wanted.flatMap((definition): AlarmPut[] => {
    const alarm = there.get(definition.name);
    if (!alarm) return [{ definition, hasActionsEnabled: true, changed: [] }];
    const differing = FIELDS.filter((field) => text(alarm[field]) !== text(definition[field]));
    const changed = [...new Set<string>([...differing, ...alarm.strayed])];
    return changed.length === 0 ? [] : [{ definition, hasActionsEnabled: alarm.hasActionsEnabled, changed }];
  });
  const names = new Set(wanted.map(({ name }) => name));
  return {
    puts,
    stale: existing.flatMap(({ name }) => (names.has(name) ? [] : [name])),
    unchanged: wanted.length - puts.length,
  };
}

/** The same for the same content, whatever the order of its members. */
function text(value: AlarmDefinition[(typeof FIELDS)[number]]): string {
  if (typeof value !== "object") return String(value);
  return JSON.stringify(Array.isArray(value) ? [...value].sort() : Object.entries(value).sort());
}
