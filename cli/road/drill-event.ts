import { type AlarmLabel, renderAlarmText } from "../../functions/common/alarm-label";
import type { AlarmSource } from "../../functions/common/relay-contract";

export interface Drill {
  readonly site: string;
  /** Key of the alarm whose road is tried. */
  readonly alarm: string;
  readonly state: "firing" | "resolved";
  readonly at: Date;
}

/** What a cloud would say of an alarm, marked as a drill. Each cloud's own form, so that the whole road is tried, its readers too. */
export function drillEvent(source: AlarmSource, drill: Drill): object {
  return { ...EVENTS[source](drill), kakehashiDrill: true };
}

const EVENTS: Readonly<Record<AlarmSource, (drill: Drill) => object>> = {
  aws: (drill) => ({
    AlarmName: nameOf(drill),
    AlarmDescription: textOf(drill),
    NewStateValue: drill.state === "firing" ? "ALARM" : "OK",
    StateChangeTime: drill.at.toISOString(),
  }),
  oci: (drill) => ({
    dedupeKey: nameOf(drill),
    title: nameOf(drill),
    body: textOf(drill),
    type: drill.state === "firing" ? "OK_TO_FIRING" : "FIRING_TO_OK",
    severity: "INFO",
    timestampEpochMillis: drill.at.getTime(),
    alarmMetaData: [],
    version: 1.5,
  }),
  azure: (drill) => ({
    schemaId: "azureMonitorCommonAlertSchema",
    data: {
      essentials: {
        alertId: `/drills/${nameOf(drill)}-${drill.at.getTime()}`,
        alertRule: nameOf(drill),
        severity: "Sev4",
        monitorCondition: drill.state === "firing" ? "Fired" : "Resolved",
        [drill.state === "firing" ? "firedDateTime" : "resolvedDateTime"]: drill.at.toISOString(),
        description: textOf(drill),
      },
    },
  }),
};

function nameOf({ site, alarm }: Drill): string {
  return `${site}-${alarm}-drill`;
}

function textOf({ site, alarm, state }: Drill): string {
  const label: AlarmLabel = { kakehashi: 1, site, kind: "other", subject: `drill of ${alarm}` };
  const sentence = state === "firing" ? "A drill: nothing is wrong." : "The drill is over.";
  return renderAlarmText(sentence, label);
}
