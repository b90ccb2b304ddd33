import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { alarmArn, renderDashboards } from "../common/watch/dashboard";
import { type AlarmDefinition, instanceAlarms, type WatchedInstance } from "../common/watch/instance-alarms";
import { alarmPrefix, dashboardName, type WatchSpec } from "../common/watch/watch-spec";
import { type Applied, applyPlan, deleteAlarms } from "./apply-plan";
import { type AlarmPlan, planAlarms } from "./plan-alarms";
import { putDashboards } from "./put-dashboards";
import { readAlarms } from "./read-alarms";
import { readInstances } from "./read-instances";

export interface WatchClients {
  readonly ec2: EC2Client;
  readonly cloudWatch: CloudWatchClient;
}

/** Where the watch's alarms lie. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

export interface Reconciled extends Applied {
  readonly instances: number;
  readonly unchanged: number;
  /** The drift that was found: names of alarms that were missing, had been changed, or are of nothing any more. */
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  readonly stale: readonly string[];
  readonly dashboards: { readonly written: readonly string[]; readonly removed: readonly string[] };
}

/**
 * What there is and what there should be, without changing anything.
 * @param agentOf what an instance's agent is taken to report @default - what it has reported
 */
export async function compareWatch(
  { ec2, cloudWatch }: WatchClients,
  spec: WatchSpec,
  agentOf = ({ agent }: WatchedInstance) => agent,
) {
  // Alarms first: one that another run makes for an instance that starts meanwhile must not look stale.
  const existing = await readAlarms(cloudWatch, alarmPrefix(spec));
  const found = await readInstances(ec2, cloudWatch, spec);
  const instances = found.map((instance) => ({ ...instance, agent: agentOf(instance) }));
  const wanted = instances.flatMap((instance) => Object.values(instanceAlarms(spec, instance)));
  return { instances, wanted, existing, plan: planAlarms(wanted, existing) };
}

/** Brings alarms and dashboards in step with the instances, as far as the time reaches. Running it twice at once does no harm. */
export async function reconcileWatch(
  clients: WatchClients,
  spec: WatchSpec,
  place: Place,
  isTimeUp: () => boolean,
): Promise<Reconciled> {
  const { instances, wanted, plan } = await compareWatch(clients, spec);
  // Dashboards first: they are few, and many alarms take minutes.
  const dashboards = await putDashboards(
    clients.cloudWatch,
    dashboardName(spec),
    spec.hasDashboard ? dashboardsOf(spec, place, instances, wanted) : [],
  );
  const applied = await applyPlan(clients.cloudWatch, plan, tagsOf(spec), isTimeUp);
  return { instances: instances.length, unchanged: plan.unchanged, ...drift(plan), ...applied, dashboards };
}

/** Removes every alarm and dashboard of the watch. @returns how many alarms; `isComplete` is false where the time was up */
export async function removeWatch({ cloudWatch }: WatchClients, spec: WatchSpec, isTimeUp: () => boolean) {
  const names = (await readAlarms(cloudWatch, alarmPrefix(spec))).map(({ name }) => name);
  const deleted = await deleteAlarms(cloudWatch, names, isTimeUp);
  const { removed } = await putDashboards(cloudWatch, dashboardName(spec), []);
  return { deleted, removed, isComplete: deleted === names.length };
}

export function drift({ puts, stale }: AlarmPlan) {
  const names = (which: typeof puts) => which.map(({ definition }) => definition.name);
  return {
    missing: names(puts.filter(({ changed }) => changed.length === 0)),
    changed: names(puts.filter(({ changed }) => changed.length > 0)),
    stale,
  };
}

function dashboardsOf(
  spec: WatchSpec,
  place: Place,
  instances: readonly WatchedInstance[],
  alarms: readonly AlarmDefinition[],
) {
  const alarmArns = alarms.map(({ name }) => alarmArn(spec, place, name));
  return renderDashboards({ spec, region: place.region, instances, alarmArns });
}

function tagsOf({ site, watch }: WatchSpec): Record<string, string> {
  return { site, watch, "managed-by": "kakehashi" };
}
