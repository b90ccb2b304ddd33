import { activeOf, isThere } from "../common/appliance/active";
import type { DownDetail } from "../common/appliance/down-event";
import { type Eyes, findAddress, findInstances } from "../common/appliance/observe";
import type { ProbeAnswer } from "../common/appliance/probe-contract";
import { readRecord, SWITCH_LEASE } from "../common/appliance/record";
import type { ApplianceSettings } from "../common/appliance/settings";
import type { Instance } from "../common/appliance/world";
import { isLeaseHeld } from "../common/lease";
import { readStatus, toSignal } from "./read-signals";
import { judge, type Signal, type Verdict } from "./verdict";

export interface WatcherHands extends Eyes {
  /** Has the service asked for about so long, or until it is down. Undefined: there is no probe. */
  readonly probe?: (host: string) => Promise<ProbeAnswer | undefined>;
  /** Undefined: there is no health check. */
  readonly health?: () => Promise<Signal>;
  readonly tell: (detail: DownDetail) => Promise<void>;
}

export interface Watched extends Verdict {
  readonly activeId?: string;
  readonly told?: string;
}

/**
 * Looks at the instance that serves, by every means there is, and calls the engine where two say that it is down.
 * @param onlyIfId an event's instance: nothing is done unless it is the one that serves
 */
export async function watchAppliance(
  hands: WatcherHands,
  settings: ApplianceSettings,
  onlyIfId?: string,
): Promise<Watched | undefined> {
  const [instances, address, record] = await Promise.all([
    findInstances(hands.ec2, settings),
    findAddress(hands.ec2, settings),
    readRecord(hands.table),
  ]);
  const active = activeOf({ instances, address, record });
  if (onlyIfId !== undefined && active?.id !== onlyIfId) return undefined;
  const tell = async (reason: string, suspectId?: string) => {
    await hands.tell({ appliance: settings.name, suspectId, reason });
    return reason;
  };
  const verdict = await look(hands, active);
  const { run } = record;
  if (run) {
    // While it is under way instances stop and start; whoever works at it holds the lease.
    const isLeft = !(await isLeaseHeld(hands.table, SWITCH_LEASE));
    return {
      ...verdict,
      activeId: active?.id,
      told: isLeft ? await tell(`run ${run.id} was left unfinished`) : undefined,
    };
  }
  return { ...verdict, activeId: active?.id, told: verdict.isDown ? await tell(verdict.text, active?.id) : undefined };
}

const DOWN: Signal = "down";

async function look({ ec2, probe, health }: WatcherHands, active: Instance | undefined): Promise<Verdict> {
  const host = active && isThere(active.state) ? active.privateIp : undefined;
  // Nothing is there that could be asked: that is as good as no answer.
  const asked: Signal = probe ? (host === undefined ? "down" : toSignal(await probe(host))) : "unknown";
  // After the probe, which takes its time: what counts is how it is now.
  const [status, healthy] = await Promise.all([active ? readStatus(ec2, active.id) : DOWN, health?.()]);
  return judge({ status, probe: asked, health: healthy ?? "unknown" });
}
