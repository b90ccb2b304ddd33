import { activeOf } from "../functions/common/appliance/active";
import { newestUsable } from "../functions/common/appliance/images";
import type { ApplianceSettings } from "../functions/common/appliance/settings";
import { holderOf, type World } from "../functions/common/appliance/world";

export interface ApplianceState {
  readonly ok: boolean;
  readonly active?: string;
  readonly zone?: string;
  readonly address: string;
  readonly routes: { readonly right: number; readonly of: number };
  /** Undefined: it could not be asked. */
  readonly answers?: boolean;
  readonly lastOutcome?: string;
  readonly maintenanceUntil?: string;
  /** What is not as it should be; none: it is. */
  readonly problems: readonly string[];
}

const HOUR_MS = 3_600_000;

/** What is to be said of an appliance. @param answers what the probe says of the instance that serves */
export function toApplianceState(
  world: World,
  settings: ApplianceSettings,
  answers: boolean | undefined,
  nowMs: number,
): ApplianceState {
  const { address, routeTables, record } = world;
  const active = activeOf(world);
  const interfaceIds = new Set(active?.interfaces.map(({ id }) => id));
  const ways = routeTables.flatMap(({ routes }) => settings.clientRanges.map((range) => routes.get(range)));
  const routes = { right: ways.filter((id) => id !== undefined && interfaceIds.has(id)).length, of: ways.length };
  const isInMaintenance = record.maintenance !== undefined && record.maintenance.untilMs > nowMs;
  const stranger = holderOf(world) ? undefined : (address.instanceId ?? address.networkInterfaceId);
  const problems: (string | false)[] = [
    active === undefined && "no instance serves",
    active !== undefined && active.state !== "running" && `${active.id} is ${active.state}`,
    stranger !== undefined && `${address.publicIp} is held by ${stranger}, a stranger`,
    stranger === undefined && !holderOf(world) && `nobody holds ${address.publicIp}`,
    routes.right < routes.of && `${routes.of - routes.right} of ${routes.of} routes lead elsewhere`,
    answers === false && "the service does not answer",
    record.run !== undefined && `a ${record.run.kind} is under way or was left unfinished`,
    world.quarantineGroupId === undefined && `the group ${settings.quarantineGroup} is missing`,
    ...successorProblems(world, settings, active?.id, nowMs),
  ];
  const found = problems.filter((problem) => problem !== false);
  return {
    ok: found.length === 0,
    active: active?.id,
    zone: active?.zone,
    address: address.publicIp,
    routes,
    answers,
    lastOutcome: record.lastOutcome,
    maintenanceUntil: isInMaintenance ? new Date(record.maintenance?.untilMs ?? 0).toISOString() : undefined,
    problems: found,
  };
}

/** What would take over. */
function successorProblems(
  { instances, images }: World,
  settings: ApplianceSettings,
  activeId: string | undefined,
  nowMs: number,
): string[] {
  if (settings.strategy === "standby") {
    const hasOther = instances.some(({ id, state }) => id !== activeId && ["running", "stopped"].includes(state));
    return hasOther ? [] : ["there is no second instance"];
  }
  const image = newestUsable(images, settings);
  if (!image) return ["there is no usable image"];
  const hours = Math.round((nowMs - image.createdAtMs) / HOUR_MS);
  return settings.stamps && hours > settings.stamps.staleHours ? [`the newest usable image is ${hours} h old`] : [];
}

/** One line, as monitoring takes it. */
export function stateLine(key: string, state: ApplianceState): string {
  const { ok, active, zone, address, routes, answers, problems, maintenanceUntil } = state;
  const facts = [
    `${active ?? "nobody"}${zone ? ` (${zone})` : ""} serves ${address}`,
    `routes ${routes.right}/${routes.of}`,
    answers === undefined ? "service not asked" : answers ? "service answers" : "service silent",
    ...(maintenanceUntil === undefined ? [] : [`maintenance until ${maintenanceUntil}`]),
  ];
  return `${key}: ${ok ? "OK" : "NOT OK"} - ${[...problems, ...facts].join(", ")}`;
}
