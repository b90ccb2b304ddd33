import type { NotifierSettings } from "./env";
import { DestinationRefused } from "./errors";
import type { Exchange } from "./send";

/** `delivered`, `rejected` and `expired` are final; `retry` is called again later. */
export type Outcome = "delivered" | "rejected" | "expired" | "retry";

/** Client errors that another time may mend. @see https://www.rfc-editor.org/rfc/rfc9110#section-15.5 */
const RETRIED_STATUSES = new Set([408, 425, 429]);

export function outcomeOf({ status, error }: Exchange): Outcome {
  if (error) return error instanceof DestinationRefused ? "rejected" : "retry";
  if (status === undefined || status >= 500 || RETRIED_STATUSES.has(status)) return "retry";
  return status >= 200 && status < 300 ? "delivered" : "rejected";
}

/** A message stays out of sight at most 12 hours after it was received. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
export const MAX_VISIBILITY_SECONDS = 43_200 - 900;

/**
 * When to try again: doubled with each attempt, half of it by chance so that records that failed together come apart, and
 * not before the partner asked for it.
 * @param attempt 1 for the first
 * @param random from 0 to below 1
 */
export function retryDelaySeconds(
  attempt: number,
  retryAfterSeconds: number,
  random: number,
  { firstDelaySeconds, maxDelaySeconds }: Pick<NotifierSettings, "firstDelaySeconds" | "maxDelaySeconds">,
): number {
  const whole = Math.min(maxDelaySeconds, firstDelaySeconds * 2 ** Math.min(attempt - 1, 20));
  const delay = Math.max(whole / 2 + (whole / 2) * random, retryAfterSeconds);
  return Math.min(Math.ceil(delay), MAX_VISIBILITY_SECONDS);
}

/** Seconds or an HTTP date; 0 for what is neither. @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number {
  if (value === undefined) return 0;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  // Only the form that RFC 9110 has everyone send: JavaScript's own parser takes "1.5" for a day in May.
  const ms = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)
    ? Date.parse(value)
    : Number.NaN;
  return Number.isNaN(ms) ? 0 : Math.max(0, Math.ceil((ms - nowMs) / 1000));
}

/** What an error says to people: never more than its kind and a reason, for an address or a header may be in its text. */
export function describeError(error: Error): string {
  if (error.name === "DestinationRefused" || error.name === "CallTimedOut") return error.message;
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" && /^[A-Z0-9_]{1,64}$/.test(code) ? code : error.name;
}
