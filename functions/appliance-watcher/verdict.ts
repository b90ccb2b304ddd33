/** What one way of looking says of the instance that serves; `unknown`: it says nothing now, or is not set up. */
export type Signal = "up" | "down" | "unknown";

export interface Signals {
  /** EC2's state and status checks. */
  readonly status: Signal;
  /** The service, asked from inside the VPC. */
  readonly probe: Signal;
  /** Route 53's health check of the floating address. */
  readonly health: Signal;
}

/** Any one can be wrong: a status check that lags, a probe whose own subnet fails, the Internet between Route 53 and AWS. */
const NEEDED = 2;

export interface Verdict {
  readonly isDown: boolean;
  /** How many say so. */
  readonly down: number;
  /** For people: `status down, probe down, health unknown`. */
  readonly text: string;
}

export function judge(signals: Signals): Verdict {
  const all = Object.entries(signals);
  const down = all.filter(([, signal]) => signal === "down").length;
  return { isDown: down >= NEEDED, down, text: all.map(([name, signal]) => `${name} ${signal}`).join(", ") };
}
