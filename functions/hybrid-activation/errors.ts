/** Why nothing can be handed out for now; each has a row in docs/activations.md. */
export type Fault =
  | "lease-held"
  | "lease-lost"
  | "busy"
  | "code-denied"
  | "code-store-failed"
  | "activation-refused"
  | "throttled";

/** Nothing is handed out, and nothing half-done is left: the caller is to ask again. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";

  /** @param detail what the service said, never a code */
  constructor(
    readonly fault: Fault,
    readonly retryAfterSeconds: number,
    detail = "",
  ) {
    super(detail ? `${fault}: ${detail}` : fault);
  }
}

/** The caller's request is not one. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

/** What the SDK's errors are called. @returns "" for what is none */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

const THROTTLING: readonly string[] = [
  "ThrottlingException",
  "Throttling",
  "TooManyRequestsException",
  "TooManyUpdates",
  "RequestLimitExceeded",
  "ProvisionedThroughputExceededException",
];

/** Still throttled after the SDK's own attempts. */
export function isThrottling(error: unknown): boolean {
  return THROTTLING.includes(errorName(error));
}

/** KMS, or IAM, says no: to the function, not to the caller. */
export function isDenied(error: unknown): boolean {
  return (
    ["AccessDeniedException", "AccessDenied", "InvalidKeyId", "KMSAccessDeniedException"].includes(errorName(error)) ||
    /^KMS|DisabledException$|KMSInvalidStateException/.test(errorName(error))
  );
}
