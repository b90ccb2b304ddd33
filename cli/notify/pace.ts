/** When the next records may leave, at most so many a second: what was not used of the past is not made up for. */
export class Pace {
  private nextMs = 0;

  /** @param perSecond undefined: as fast as it goes */
  constructor(private readonly perSecond?: number) {}

  /** @returns milliseconds to wait before these records */
  take(records: number, nowMs: number): number {
    if (this.perSecond === undefined) return 0;
    const atMs = Math.max(this.nextMs, nowMs);
    this.nextMs = atMs + (records * 1000) / this.perSecond;
    return atMs - nowMs;
  }
}
