import { isInWindow } from "../../config/values/maintenance-window";
import { activeOf, isThere } from "../common/appliance/active";
import { ApplianceError } from "../common/appliance/errors";
import type { ApplianceSettings } from "../common/appliance/settings";
import { holderOf, type Instance, type Run, type World } from "../common/appliance/world";

export interface SwitchRequest {
  readonly kind: Run["kind"];
  /** Why, for the record and the notice. */
  readonly reason: string;
  /** Becomes the run's id: differs from request to request. */
  readonly id: string;
  /** The instance that was found down: if another serves by now, the request is late. */
  readonly suspectId?: string;
  /** A person insists: in maintenance and in the hold-down too. */
  readonly isForced?: boolean;
}

export type Decision =
  | { readonly kind: "run"; readonly run: Run; readonly isResumed: boolean }
  | { readonly kind: "refused"; readonly why: string };

/**
 * Whether a switch begins, and between which instances. A run that was left unfinished is always ended first.
 * @throws ApplianceError where a stranger holds the address, or nothing could take over
 */
export function decide(world: World, settings: ApplianceSettings, request: SwitchRequest, nowMs: number): Decision {
  if (world.record.run) return { kind: "run", run: world.record.run, isResumed: true };
  refuseStrangers(world);
  const active = activeOf(world);
  const refusal = request.kind === "failover" ? refusalOf(world, settings, request, active, nowMs) : undefined;
  if (refusal !== undefined) return { kind: "refused", why: refusal };
  const begun = { id: request.id, kind: request.kind, from: active?.id, reason: request.reason, startedAtMs: nowMs };
  if (request.kind === "failback") {
    const home = homeOf(world, settings);
    if (home.id === active?.id) return { kind: "refused", why: `${home.id} serves already` };
    return { kind: "run", run: { ...begun, target: home.id }, isResumed: false };
  }
  const target = settings.strategy === "standby" ? otherOf(world, active).id : undefined;
  return { kind: "run", run: { ...begun, target }, isResumed: false };
}

/** A stranger's address is never taken: it may have been moved by hand, for a reason. */
export function refuseStrangers(world: Pick<World, "instances" | "address">): void {
  const { publicIp, instanceId, networkInterfaceId } = world.address;
  if ((instanceId ?? networkInterfaceId) === undefined || holderOf(world)) return;
  throw new ApplianceError(
    "address-held",
    `${publicIp} is held by ${instanceId ?? networkInterfaceId}, which is no part of this appliance; free it, or mend the site file`,
  );
}

function refusalOf(
  { record }: World,
  { holdDownMinutes, maintenance: { windows, timeZone } }: ApplianceSettings,
  { suspectId, isForced = false }: SwitchRequest,
  active: Instance | undefined,
  nowMs: number,
): string | undefined {
  if (suspectId !== undefined && active && active.id !== suspectId)
    return `${active.id} serves by now, not ${suspectId}`;
  if (isForced) return undefined;
  const { maintenance, lastSwitchAtMs = Number.NEGATIVE_INFINITY } = record;
  if (maintenance && maintenance.untilMs > nowMs)
    return `in maintenance until ${new Date(maintenance.untilMs).toISOString()}`;
  if (isInWindow(windows, timeZone, nowMs)) return "in a maintenance window";
  const heldUntilMs = lastSwitchAtMs + holdDownMinutes * 60_000;
  return heldUntilMs > nowMs ? `held down until ${new Date(heldUntilMs).toISOString()}` : undefined;
}

/** Where a fail-back leads: with a standby the primary, with stamps the instance that served first. */
function homeOf({ instances, record }: World, { strategy }: ApplianceSettings): Instance {
  const home =
    strategy === "standby"
      ? instances.find(({ role, state }) => role === "primary" && isThere(state))
      : instances.find(({ id, state }) => id === record.homeId && isThere(state));
  if (!home) throw new ApplianceError("no-target", "the instance that served first is gone: there is no way back");
  return home;
}

function otherOf({ instances }: World, active: Instance | undefined): Instance {
  const role = active?.role === "standby" ? "primary" : "standby";
  const other = instances.find((one) => one.role === role && one.id !== active?.id && isThere(one.state));
  if (!other) throw new ApplianceError("no-target", `there is no ${role} instance that could take over`);
  return other;
}
