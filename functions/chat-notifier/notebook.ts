import { setTimeout as sleep } from "node:timers/promises";
import { UnavailableError } from "../common/errors";

export interface Note<T> {
  readonly value: T;
  /** Rises with each change. */
  readonly version: number;
}

/** What the notifier remembers between its runs: one small table, written only by compare and set. */
export interface Notebook {
  /** Reads what was last written, by whichever run. */
  read<T>(id: string): Promise<Note<T> | undefined>;
  /**
   * @param expected the version that was read, or undefined where there was none
   * @returns whether it was written: not where somebody else was faster
   */
  write<T>(id: string, value: T, expected: number | undefined): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** Several at once, those that are there. */
  readAll(ids: readonly string[]): Promise<ReadonlyMap<string, Note<unknown>>>;
  /** Several at once, whatever stands there: for what nobody else changes. @param notes by id; undefined removes */
  writeAll(notes: ReadonlyMap<string, Note<unknown> | undefined>): Promise<void>;
}

/** Runs of one function that meet on one note, each a little later than the last time, and never in step. */
const TRIES = 60;
const LONGEST_WAIT_MS = 100;

interface Change<T, R> {
  readonly value?: T;
  readonly result: R;
}

/**
 * Changes a note, however many others change it at the same time.
 * @param change what becomes of it, and what the caller wants to know; `value` undefined leaves the note as it is. It runs anew
 *   whenever somebody else was faster
 */
export async function updateNote<T, R>(
  notebook: Notebook,
  id: string,
  change: (value: T | undefined) => Change<T, R> | Promise<Change<T, R>>,
): Promise<R> {
  for (let tries = 0; tries < TRIES; tries++) {
    const note = await notebook.read<T>(id);
    const { value, result } = await change(note?.value);
    if (value === undefined || (await notebook.write(id, value, note?.version))) return result;
    await sleep(Math.random() * Math.min(LONGEST_WAIT_MS, 5 * (tries + 1)));
  }
  throw new UnavailableError(`state: ${id.split("#")[0]} changes too fast`);
}

/** For where there is no table: remembers while the process lives. */
export function memoryNotebook(): Notebook {
  const notes = new Map<string, Note<unknown>>();
  return {
    readAll: async (ids) =>
      new Map(ids.flatMap((id) => (notes.has(id) ? [[id, structuredClone(notes.get(id) as never)]] : []))),
    writeAll: async (changes) => {
      for (const [id, note] of changes) note ? notes.set(id, structuredClone(note)) : notes.delete(id);
    },
    read: async <T>(id: string) => structuredClone(notes.get(id)) as Note<T> | undefined,
    write: async (id, value, expected) => {
      if (notes.get(id)?.version !== expected) return false;
      notes.set(id, { value: structuredClone(value), version: (expected ?? 0) + 1 });
      return true;
    },
    remove: async (id) => {
      notes.delete(id);
    },
  };
}
