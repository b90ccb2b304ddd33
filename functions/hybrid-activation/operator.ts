import { Unavailable } from "./errors";
import type { Parts } from "./parts";
import { renew } from "./renew";
import { conditionOf, type Retired } from "./state";
import { readState } from "./state-table";

/** What an operator asks for by `lambda:InvokeFunction`. The gateway's events have no such key, whatever a caller sends. */
export interface OperatorEvent {
  readonly kakehashi: "status" | "renew";
}

export interface Status {
  /** Null before the first one was made. */
  readonly activationId: string | null;
  readonly expiresAt: string | null;
  readonly registrationLimit: number;
  readonly handedOut: number;
  readonly condition: ReturnType<typeof conditionOf>;
}

/** What the API's GET leaves out. */
export interface OperatorStatus extends Status {
  /** Those before it that may still be used. */
  readonly retired: readonly Retired[];
}

export type OperatorAnswer = OperatorStatus | { readonly fault: string };

/** What there is, without a code: one read. */
export async function statusOf(parts: Pick<Parts, "table" | "settings">): Promise<OperatorStatus> {
  const state = await readState(parts.table);
  return {
    activationId: state?.activationId ?? null,
    expiresAt: state ? new Date(state.expiresAtMs).toISOString() : null,
    registrationLimit: state?.registrationLimit ?? parts.settings.registrationLimit,
    handedOut: state?.handedOut ?? 0,
    condition: conditionOf(state, parts.table.now(), parts.settings),
    retired: state?.retired ?? [],
  };
}

/**
 * Answers an operator. `renew` makes the next activation now: the one before it serves on until its codes are used or it expires.
 * @param owner names this run, differs from run to run
 */
export async function answerOperator(
  parts: Parts,
  { kakehashi }: OperatorEvent,
  owner: string,
): Promise<OperatorAnswer> {
  try {
    if (kakehashi === "renew") await renewNow(parts, owner);
    return await statusOf(parts);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return { fault: error.message };
  }
}

/** Somebody else's new one, made since this was asked, is as good. */
async function renewNow(parts: Parts, owner: string): Promise<void> {
  const before = await readState(parts.table);
  const made = await renew(parts, owner, (state) => state?.activationId === before?.activationId);
  if (!made) throw new Unavailable("lease-held", 5);
}
