import type { NotifierSettings } from "./env";

interface State {
  failures: number;
  /** 0: not paused. */
  pausedUntilMs: number;
}

/**
 * A circuit breaker a host, together with the pause that a host asks for by Retry-After. It tells when a host may be called
 * again, which is when its records should come back: the breakers that libraries have don't.
 */
export class HostHealth {
  private readonly states = new Map<string, State>();

  constructor(
    private readonly settings: Pick<NotifierSettings, "breakerFailures" | "breakerSeconds">,
    private readonly now: () => number,
  ) {}

  /** Milliseconds until the host may be called. */
  pauseMs(host: string): number {
    return Math.max(0, (this.states.get(host)?.pausedUntilMs ?? 0) - this.now());
  }

  /** How many calls it may have at once: after a pause one, to see. */
  room(host: string, usual: number): number {
    const { pausedUntilMs = 0 } = this.states.get(host) ?? {};
    if (pausedUntilMs === 0) return usual;
    return pausedUntilMs > this.now() ? 0 : 1;
  }

  succeeded(host: string): void {
    this.states.delete(host);
  }

  /** @param pauseSeconds what the host asked for, 0 if it did not */
  failed(host: string, pauseSeconds: number): void {
    const { failures, pausedUntilMs } = this.states.get(host) ?? { failures: 0, pausedUntilMs: 0 };
    const breakerSeconds = failures + 1 >= this.settings.breakerFailures ? this.settings.breakerSeconds : 0;
    const seconds = Math.max(breakerSeconds, pauseSeconds);
    const until = seconds > 0 ? this.now() + seconds * 1000 : 0;
    this.states.set(host, { failures: failures + 1, pausedUntilMs: Math.max(pausedUntilMs, until) });
  }
}
