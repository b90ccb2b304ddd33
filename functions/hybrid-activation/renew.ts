import { type Lease, releaseLease, takeLease } from "../common/lease";
import { createActivation, deleteActivation, describeActivation } from "./activations";
import { deleteCode, putCode } from "./code-store";
import { Unavailable } from "./errors";
import type { Parts } from "./parts";
import { type ActivationState, expiryOf, type Retired } from "./state";
import { readState, replaceState } from "./state-table";

export const LEASE_NAME = "activation";

/** Longer than the function may run: who holds it at its end has been stopped. */
const LEASE_SECONDS = 45;

/** How many old activations one renewal looks at: each is up to three calls. */
const MOST_CLEANED = 5;

/** Whether a state that was read before still needs a successor, now that the lease is held. */
export type NeedsSuccessor = (state: ActivationState | undefined) => boolean;

/**
 * Makes the next activation under the lease, unless somebody else just has.
 * @returns the state that holds now; undefined where another one holds the lease
 * @throws Unavailable with nothing left behind
 */
export async function renew(
  parts: Parts,
  owner: string,
  isNeeded: NeedsSuccessor,
): Promise<ActivationState | undefined> {
  const lease = await takeLease(parts.table, LEASE_NAME, owner, LEASE_SECONDS);
  if (!lease) return undefined;
  parts.log.info("lease taken", { fencingToken: lease.fencingToken });
  try {
    const before = await readState(parts.table);
    if (!isNeeded(before)) return before;
    return await makeNext(parts, lease, before);
  } finally {
    await releaseLease(parts.table, lease).catch(({ name }) => parts.log.warn("lease not released", { error: name }));
  }
}

async function makeNext(parts: Parts, lease: Lease, before: ActivationState | undefined): Promise<ActivationState> {
  const { settings, ssm, codes, table, log } = parts;
  const expiresAt = expiryOf(table.now(), settings.expiryDays);
  // Not yet the one that is replaced: a code of it may be handed out in this very moment.
  const retired = [...(before ? [toRetired(before)] : []), ...(await clean(parts, before?.retired ?? []))];
  const { id, code } = await createActivation(ssm, {
    role: settings.nodeRole,
    registrationLimit: settings.registrationLimit,
    expiresAt,
    instanceName: settings.instanceName,
    tags: settings.tags,
  });
  const next = {
    activationId: id,
    registrationLimit: settings.registrationLimit,
    handedOut: 0,
    expiresAtMs: expiresAt.getTime(),
    retired,
  };
  try {
    await putCode(codes, id, code);
    if (!(await replaceState(table, lease, next))) throw new Unavailable("lease-lost", 2);
  } catch (error) {
    await undo(parts, id);
    throw error;
  }
  log.info("activation made", {
    activationId: id,
    expiresAt: expiresAt.toISOString(),
    fencingToken: lease.fencingToken,
  });
  return { ...next, generation: lease.fencingToken };
}

/** An activation that nobody knows of would stay usable until its end. */
async function undo({ ssm, codes, log }: Parts, activationId: string): Promise<void> {
  const undone = await Promise.allSettled([deleteActivation(ssm, activationId), deleteCode(codes, activationId)]);
  log.warn("activation withdrawn", { activationId, complete: undone.every(({ status }) => status === "fulfilled") });
}

function toRetired({ activationId, handedOut, expiresAtMs }: ActivationState): Retired {
  return { activationId, handedOut, expiresAtMs };
}

/**
 * Deletes old activations once no code of theirs is still to be used: all that were handed out have registered, or it has
 * expired. Whatever can't be deleted now is tried again the next time. @returns those that remain
 */
async function clean({ ssm, codes, table, log }: Parts, retired: readonly Retired[]): Promise<Retired[]> {
  const kept = await Promise.all(
    retired.map(async (one, at) => {
      if (at >= MOST_CLEANED) return [one];
      try {
        const known = await describeActivation(ssm, one.activationId);
        const isWanted =
          known && !known.isExpired && one.expiresAtMs > table.now() && known.registrations < one.handedOut;
        if (isWanted) return [one];
        await deleteActivation(ssm, one.activationId);
        await deleteCode(codes, one.activationId);
        log.info("old activation deleted", { activationId: one.activationId });
        return [];
      } catch (error) {
        log.warn("old activation kept", { activationId: one.activationId, error: (error as Error).message });
        return [one];
      }
    }),
  );
  return kept.flat();
}
