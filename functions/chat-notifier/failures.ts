import type { AlarmEvent } from "../common/alarm-event";
import { RefusedError } from "../common/errors";
import type { Log } from "../common/log-line";
import { BeginningPendingError } from "./errors";

/** One message of the queue, read. */
export interface Received {
  readonly id: string;
  readonly event: AlarmEvent;
}

/** Statuses that mean that the chat's address or its credential is wrong: no message would be taken. */
const NO_ENTRY = [401, 403, 404, 405, 410];

/** What of a batch could not be told, and what must therefore not be told either. */
export class Failures {
  private readonly ids = new Set<string>();
  private readonly stuckAlarms = new Set<string>();
  private isChatDown = false;

  constructor(private readonly log: Log) {}

  has({ id }: Received): boolean {
    return this.ids.has(id);
  }

  /** Whether it has to wait: for an earlier message of its alarm, or for the chat. It then counts as failed. */
  holdsUp({ id, event }: Received): boolean {
    const isHeldUp = this.isChatDown || this.stuckAlarms.has(event.alarm);
    if (isHeldUp) this.add(id, event);
    return isHeldUp;
  }

  note({ id, event }: Received, error: unknown): void {
    const isOnlyThisOne =
      error instanceof BeginningPendingError || (error instanceof RefusedError && !NO_ENTRY.includes(error.status));
    this.isChatDown ||= !isOnlyThisOne;
    this.add(id, event);
    const { alarm, idempotencyKey } = event;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : "unknown";
    this.log("error", "alarm not told; it stays in the queue", { alarm, idempotencyKey, reason });
  }

  private add(id: string, { alarm }: AlarmEvent): void {
    this.ids.add(id);
    this.stuckAlarms.add(alarm);
  }
}
