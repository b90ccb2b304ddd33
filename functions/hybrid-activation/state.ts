/** The activation that is handed out, as the table keeps it. Its code lies in the parameter store alone. */
export interface ActivationState {
  readonly activationId: string;
  readonly registrationLimit: number;
  /** Codes handed out, used or not. */
  readonly handedOut: number;
  readonly expiresAtMs: number;
  /** The fencing token under which it was made. */
  readonly generation: number;
  /** Those before it, until they are deleted. */
  readonly retired: readonly Retired[];
}

export interface Retired {
  readonly activationId: string;
  readonly handedOut: number;
  readonly expiresAtMs: number;
}

/** A code that is good for less than this is not handed out: the server still has to install the agent. */
export const LEAST_USABLE_MS = 15 * 60 * 1000;

/** Below this part of the limit the next activation is made, while the present one still serves. */
const LOW_WATER = 0.1;

export type Condition = "good" | "renew-soon" | "must-renew";

export interface RenewalSettings {
  readonly renewalMarginHours: number;
}

/** Whether an activation can be handed out, and whether the next one should be made by now. */
export function conditionOf(state: ActivationState | undefined, nowMs: number, settings: RenewalSettings): Condition {
  if (!state || state.handedOut >= state.registrationLimit || state.expiresAtMs - nowMs < LEAST_USABLE_MS)
    return "must-renew";
  const left = state.registrationLimit - state.handedOut;
  const isLow = state.registrationLimit > 1 && left <= Math.floor(state.registrationLimit * LOW_WATER);
  const isOld = state.expiresAtMs - nowMs < settings.renewalMarginHours * 3_600_000;
  return isLow || isOld ? "renew-soon" : "good";
}

/** SSM takes at most 30 days, by its own clock: some minutes are left for ours. */
const CLOCK_MARGIN_MS = 10 * 60 * 1000;

export function expiryOf(nowMs: number, expiryDays: number): Date {
  return new Date(nowMs + expiryDays * 86_400_000 - CLOCK_MARGIN_MS);
}
