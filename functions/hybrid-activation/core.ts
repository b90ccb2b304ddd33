import { describeActivation } from "./activations";
import { getCode } from "./code-store";
import { Unavailable } from "./errors";
import type { Memory, Parts } from "./parts";
import { type NeedsSuccessor, renew } from "./renew";
import { type ActivationState, conditionOf } from "./state";
import { type Caller, readState, reserve } from "./state-table";

export interface Pair {
  readonly activationId: string;
  readonly activationCode: string;
  readonly expiresAt: string;
}

export interface Request {
  readonly caller: Caller;
  /** An activation that SSM did not take when the caller registered. */
  readonly rejectedActivationId?: string;
}

/** SSM is asked about the activation this often: somebody may have deleted it, or used it by hand. */
const VERIFY_EVERY_MS = 5 * 60 * 1000;

/** When a caller looks whether the one with the lease is done: 6 s in all. */
const LOOKS_MS = [250, 500, 750, 1000, 1500, 2000];

/** What a run keeps of its time for handing out, and for an answer. */
const LEAST_REMAINING_MS = 8_000;

/** Ways round the loop of one request: the activation may change, or be used up, between any two steps. */
const ROUNDS = 6;

/**
 * A pair that is good for one registration: counted and recorded before it is told.
 * @param owner names this run, differs from run to run
 * @throws Unavailable
 */
export async function handOut(parts: Parts, request: Request, owner: string): Promise<Pair> {
  const broken = new Set<string>();
  if (request.rejectedActivationId) await distrust(parts, request.rejectedActivationId, broken);
  for (let round = 0; round < ROUNDS; round++) {
    const known = await current(parts, owner, broken);
    if ((await reserve(parts.table, known.state.activationId, request.caller, parts.wait)) === "changed") {
      parts.memory.known = undefined;
      continue;
    }
    // What this process remembers is a lower bound: others hand out too.
    const counted = { ...known.state, handedOut: known.state.handedOut + 1 };
    if (parts.memory.known?.state.activationId === counted.activationId)
      parts.memory.known = { ...parts.memory.known, state: counted };
    await renewEarly(parts, counted, owner);
    return {
      activationId: known.state.activationId,
      activationCode: known.code,
      expiresAt: new Date(known.state.expiresAtMs).toISOString(),
    };
  }
  throw new Unavailable("busy", 2);
}

/** The activation to hand out, with its code: remembered, else read, else made. */
async function current(parts: Parts, owner: string, broken: Set<string>): Promise<NonNullable<Memory["known"]>> {
  const nowMs = parts.table.now();
  const needs: NeedsSuccessor = (state) =>
    conditionOf(state, nowMs, parts.settings) === "must-renew" || broken.has(state?.activationId ?? "");
  const { known } = parts.memory;
  if (known && !needs(known.state) && nowMs - known.verifiedAtMs < VERIFY_EVERY_MS) return known;
  for (let round = 0; round < ROUNDS; round++) {
    const read = await readState(parts.table);
    const state = needs(read) ? await replacement(parts, owner, needs) : (read as ActivationState);
    const code = await getCode(parts.codes, state.activationId);
    const isThere = code !== undefined && (await isSound(parts, state));
    if (isThere) {
      parts.memory.known = { state, code, verifiedAtMs: nowMs };
      return parts.memory.known;
    }
    parts.log.warn("activation can't be used any more", {
      activationId: state.activationId,
      why: code === undefined ? "its parameter is gone" : "SSM knows it no more, or it is full",
    });
    broken.add(state.activationId);
  }
  throw new Unavailable("busy", 2);
}

/** Made here, or by whoever holds the lease; never made without it. */
async function replacement(parts: Parts, owner: string, needs: NeedsSuccessor): Promise<ActivationState> {
  const made = await renew(parts, owner, needs);
  if (made) return made;
  for (const look of LOOKS_MS) {
    if (parts.remainingMs() < LEAST_REMAINING_MS) break;
    await parts.wait(look);
    const state = await readState(parts.table);
    if (state && !needs(state)) return state;
  }
  // Its holder may have given it up, or died.
  const late = parts.remainingMs() < LEAST_REMAINING_MS ? undefined : await renew(parts, owner, needs);
  if (late) return late;
  throw new Unavailable("lease-held", 5);
}

/** Some codes before the end, or some hours: the one who notices makes the next, and answers whatever comes of it. */
async function renewEarly(parts: Parts, state: ActivationState, owner: string): Promise<void> {
  const needs: NeedsSuccessor = (found) => conditionOf(found, parts.table.now(), parts.settings) !== "good";
  if (!needs(state)) return;
  parts.memory.known = undefined;
  try {
    await renew(parts, owner, needs);
  } catch (error) {
    parts.log.warn("early renewal failed", { error: (error as Error).message });
  }
}

async function distrust(parts: Parts, activationId: string, broken: Set<string>): Promise<void> {
  parts.memory.known = undefined;
  const known = await describeActivation(parts.ssm, activationId);
  if (!known || known.isExpired || known.registrations >= known.registrationLimit) broken.add(activationId);
}

async function isSound(parts: Parts, { activationId }: ActivationState): Promise<boolean> {
  const known = await describeActivation(parts.ssm, activationId);
  return known !== undefined && !known.isExpired && known.registrations < known.registrationLimit;
}
