/**
 * What the functions use of the Fn FDK's context.
 * @see https://github.com/fnproject/fdk-node
 */
export interface FunctionContext {
  getHeader(name: string): string | null;
  /** Absent, or no date, outside of OCI. */
  readonly deadline: Date | null;
  readonly httpGateway: {
    readonly requestURL: string | null;
    getHeader(name: string): string | null;
    statusCode: number;
  };
}

/** OCI's default time limit of a function. @see https://docs.oracle.com/iaas/Content/Functions/Tasks/functionscustomizing.htm */
const DEFAULT_LIMIT_MS = 30_000;
/** Time that is left for the answer and the log. */
const MARGIN_MS = 2_000;

/** When the function must have answered, milliseconds since the epoch. */
export function deadlineOf(context: FunctionContext, nowMs: number): number {
  const deadlineMs = context.deadline?.getTime() ?? Number.NaN;
  return (Number.isNaN(deadlineMs) ? nowMs + DEFAULT_LIMIT_MS : deadlineMs) - MARGIN_MS;
}
