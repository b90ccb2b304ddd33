export interface FairSchedule<T> {
  readonly items: readonly T[];
  readonly hostOf: (item: T) => string;
  /** In flight in all. */
  readonly concurrency: number;
  /** In flight of one host, asked before each; 0: nothing more of it is begun. */
  readonly room: (host: string) => number;
  /** Must not reject. */
  readonly run: (item: T) => Promise<void>;
}

interface Line<T> {
  readonly host: string;
  readonly items: T[];
  next: number;
  active: number;
  isInRing: boolean;
}

/**
 * Runs all items, host after host in turn, so that one with many or slow ones holds up its own only.
 * @returns those that were not begun, for want of room
 */
export function runFairly<T>({ items, hostOf, concurrency, room, run }: FairSchedule<T>): Promise<T[]> {
  const ring = toLines(items, hostOf);
  const refused: T[] = [];
  const flow = { active: 0, at: 0 };
  return new Promise((resolve) => {
    const enqueue = (line: Line<T>) => {
      if (line.isInRing || line.next >= line.items.length) return;
      line.isInRing = true;
      ring.push(line);
    };
    const begin = (line: Line<T>) => {
      line.active++;
      flow.active++;
      run(line.items[line.next++] as T).then(() => {
        line.active--;
        flow.active--;
        enqueue(line);
        advance();
      });
    };
    const advance = () => {
      while (flow.active < concurrency && flow.at < ring.length) {
        const line = ring[flow.at++] as Line<T>;
        line.isInRing = false;
        const places = room(line.host);
        if (places === 0) refused.push(...line.items.splice(line.next));
        // Where the host has no place left it is asked again when one of its calls has ended.
        else if (line.active < places) {
          begin(line);
          enqueue(line);
        }
        if (flow.at === FRONT) {
          ring.splice(0, FRONT);
          flow.at = 0;
        }
      }
      if (flow.active === 0 && flow.at === ring.length) resolve(refused);
    };
    advance();
  });
}

/** After so many steps the ring's front is cut off: at each one it would move all the rest. */
const FRONT = 1_024;

function toLines<T>(items: readonly T[], hostOf: (item: T) => string): Line<T>[] {
  const lines = new Map<string, Line<T>>();
  for (const item of items) {
    const host = hostOf(item);
    const line = lines.get(host) ?? { host, items: [], next: 0, active: 0, isInRing: true };
    lines.set(host, line);
    line.items.push(item);
  }
  return [...lines.values()];
}
