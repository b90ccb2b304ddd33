import type { AlarmEvent } from "../common/alarm-event";
import { type Notebook, updateNote } from "./notebook";

/** So many alarms within the window are told one by one; where more come, all of a batch are gathered into one message. */
export const SINGLE_MESSAGES = 5;
export const WINDOW_MS = 60_000;
/** A gathered message keeps so many alarms by name; the others are counted. DynamoDB's item takes 400 KB. */
export const NAMED_ALARMS = 400;

interface Burst {
  readonly startedAtMs: number;
  /** Keys of what was told one by one. By key, so that what is delivered again counts once. */
  readonly alone: readonly string[];
  /** The one that is open, if any. */
  readonly gathering?: Gathering;
}

export interface Gathering {
  /** Key of its first member, whose delivery tells the whole. */
  readonly key: string;
  readonly count: number;
  readonly entries: readonly GatheredAlarm[];
  readonly lastJoinedAtMs: number;
}

/** What a gathered message says of one alarm. */
export interface GatheredAlarm {
  readonly key: string;
  readonly alarm: string;
  readonly status: AlarmEvent["status"];
  readonly source: AlarmEvent["source"];
  readonly title: string;
  readonly occurredAt?: string;
  readonly connection?: string;
  readonly kind?: string;
  /** How its text begins, where it is about no connection. */
  readonly excerpt?: string;
}

/** `alone`: tell each at once. `gathered`: an open gathering has them all; `leader` is the one whose delivery tells it. */
export type Admission = { readonly how: "alone" } | { readonly how: "gathered"; readonly leader: string };

const BURST = "burst";

/**
 * Note by a message's key that it was told: `true`. Under its first member's key a gathering itself lies here until it is told,
 * and takes no more.
 */
export function toldId(key: string): string {
  return `told#${key}`;
}

/** Whether a note of `toldId` is of a gathering that is still to be told. */
export function isGathering(told: true | Gathering | undefined): told is Gathering {
  return typeof told === "object";
}

/** Decides how a batch is told, and takes it in where it is gathered: in one write, however many alarms it holds. */
export async function admit(notebook: Notebook, batch: readonly GatheredAlarm[], nowMs: number): Promise<Admission> {
  return updateNote<Burst, Admission>(notebook, BURST, (old) => {
    const isOver = !old || nowMs - old.startedAtMs >= WINDOW_MS;
    const burst: Burst = isOver ? { startedAtMs: nowMs, alone: [], gathering: old?.gathering } : old;
    const alone = [...new Set([...burst.alone, ...batch.map(({ key }) => key)])];
    // An open gathering takes what comes after its window too: else an end could be told before its beginning.
    if (!burst.gathering && alone.length <= SINGLE_MESSAGES) {
      return { value: { ...burst, alone }, result: { how: "alone" } };
    }
    const gathering = join(burst.gathering, batch, nowMs);
    return { value: { ...burst, gathering }, result: { how: "gathered", leader: gathering.key } };
  });
}

export async function openGathering(notebook: Notebook): Promise<Gathering | undefined> {
  return (await notebook.read<Burst>(BURST))?.value.gathering;
}

/**
 * Closes a gathering, so that nothing joins what is being told. It is laid aside before it is taken away: at no moment would
 * the end of this process lose it.
 * @returns undefined where it was told already
 */
export async function closeGathering(notebook: Notebook, key: string): Promise<Gathering | undefined> {
  const closed = toldId(key);
  const found = await updateNote<Burst, Gathering | undefined>(notebook, BURST, async (old) => {
    const gathering = old?.gathering;
    if (!gathering || gathering.key !== key) return { result: undefined };
    await updateNote<Gathering, void>(notebook, closed, () => ({ value: gathering, result: undefined }));
    return { value: { ...old, gathering: undefined }, result: gathering };
  });
  if (found) return found;
  const told = (await notebook.read<true | Gathering>(closed))?.value;
  return isGathering(told) ? told : undefined;
}

function join(old: Gathering | undefined, batch: readonly GatheredAlarm[], nowMs: number): Gathering {
  const held = new Set(old?.entries.map(({ key }) => key));
  const fresh = batch.filter(({ key }) => !held.has(key));
  const entries = [...(old?.entries ?? []), ...fresh].slice(0, NAMED_ALARMS);
  const key = old?.key ?? (batch[0] as GatheredAlarm).key;
  return { key, entries, count: (old?.count ?? 0) + fresh.length, lastJoinedAtMs: nowMs };
}
