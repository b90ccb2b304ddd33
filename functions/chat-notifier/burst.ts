import type { AlarmEvent } from "../common/alarm-event";
import { type Notebook, updateNote } from "./notebook";

/** So many messages within the window are told one by one; what comes beyond is gathered into one. */
export const SINGLE_MESSAGES = 5;
export const WINDOW_MS = 60_000;
/** A gathered message keeps so many alarms by name; the others are counted. */
export const NAMED_ALARMS = 400;

interface Burst {
  readonly startedAtMs: number;
  readonly told: number;
  /** The gathering that is open, or was last. */
  readonly digest?: string;
}

export interface Digest {
  /** Being told: takes no more. */
  readonly isClosed: boolean;
  readonly count: number;
  readonly entries: readonly DigestEntry[];
  readonly lastJoinedAtMs: number;
}

/** What a gathered message says of one alarm. */
export interface DigestEntry {
  readonly key: string;
  readonly alarm: string;
  readonly status: AlarmEvent["status"];
  readonly source: AlarmEvent["source"];
  readonly title: string;
  readonly connection?: string;
  readonly kind?: string;
}

/**
 * `alone`: tell it at once. `joined`: a gathering has it, whose first member tells it. `first`: this message is the first
 * member: its delivery tells the whole gathering, and is not done before.
 */
export type Admission = { readonly how: "alone" } | { readonly how: "joined" | "first"; readonly digest: string };

const BURST = "burst";

export function digestId(key: string): string {
  return `digest#${key}`;
}

/** Decides how a message is told. */
export async function admit(notebook: Notebook, entry: DigestEntry, nowMs: number): Promise<Admission> {
  const burst = await updateNote<Burst, Burst>(notebook, BURST, (old) => {
    const isOver = !old || nowMs - old.startedAtMs >= WINDOW_MS;
    const value = isOver ? { startedAtMs: nowMs, told: 1, digest: old?.digest } : { ...old, told: old.told + 1 };
    return { value, result: value };
  });
  // An open gathering takes what comes after its window too: else an end could be told before its beginning.
  if (burst.digest && (await join(notebook, burst.digest, entry, nowMs)))
    return { how: "joined", digest: burst.digest };
  if (burst.told <= SINGLE_MESSAGES) return { how: "alone" };
  const own = digestId(entry.key);
  await updateNote<Digest, void>(notebook, own, (old) => ({
    value: old ?? gathering(entry, nowMs),
    result: undefined,
  }));
  const winner = await updateNote<Burst, string>(notebook, BURST, (old) => {
    // Somebody opened one in the meantime.
    if (old?.digest && old.digest !== burst.digest) return { result: old.digest };
    return { value: { startedAtMs: nowMs, told: burst.told, ...old, digest: own }, result: own };
  });
  if (winner !== own && (await join(notebook, winner, entry, nowMs))) {
    await notebook.remove(own);
    return { how: "joined", digest: winner };
  }
  return { how: "first", digest: own };
}

/** Closes a gathering, so that nothing joins what is being told. @returns undefined where it was told already */
export async function closeDigest(notebook: Notebook, id: string): Promise<Digest | undefined> {
  return updateNote<Digest, Digest | undefined>(notebook, id, (old) =>
    old ? { value: { ...old, isClosed: true }, result: old } : { result: undefined },
  );
}

async function join(notebook: Notebook, id: string, entry: DigestEntry, nowMs: number): Promise<boolean> {
  return updateNote<Digest, boolean>(notebook, id, (old) => {
    if (!old || old.isClosed) return { result: false };
    if (old.entries.some(({ key }) => key === entry.key)) return { result: true };
    const entries = old.entries.length < NAMED_ALARMS ? [...old.entries, entry] : old.entries;
    return { value: { ...old, entries, count: old.count + 1, lastJoinedAtMs: nowMs }, result: true };
  });
}

function gathering(entry: DigestEntry, nowMs: number): Digest {
  return { isClosed: false, count: 1, entries: [entry], lastJoinedAtMs: nowMs };
}
