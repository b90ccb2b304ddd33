import type { AlarmEvent } from "../common/alarm-event";
import { toldId } from "./burst";
import type { Background } from "./chat-message";
import { type Note, type Notebook, updateNote } from "./notebook";

/** An alarm that was told to be firing. */
export interface OpenAlarm {
  /** ISO 8601. */
  readonly since?: string;
  /** The chat server's name of the message that began it. */
  readonly thread?: string;
  /** Key of the gathering that was to tell it. */
  readonly gathering?: string;
}

/** Down tunnels of a connection: since when (ISO 8601), by outside address. */
type DownTunnels = Readonly<Record<string, string>>;

/** Where a gathering's own thread is kept once it was told. */
export function threadId(gathering: string): string {
  return `thread#${gathering}`;
}

export function alarmId(event: AlarmEvent): string {
  return `alarm#${event.alarm}`;
}

/** What earlier messages said of the same alarm and the same connection, with what this one says of its tunnels. */
export async function recall(
  notebook: Notebook,
  event: AlarmEvent,
): Promise<Background & { readonly open?: OpenAlarm; readonly thread?: string }> {
  const [note, down] = await Promise.all([notebook.read<OpenAlarm>(alarmId(event)), noteTunnels(notebook, event)]);
  const open = note?.value;
  const thread =
    open?.thread ?? (open?.gathering ? (await notebook.read<string>(threadId(open.gathering)))?.value : undefined);
  return { since: open?.since, down, open, thread };
}

/** Notes what was told one by one. */
export async function remember(
  notebook: Notebook,
  event: AlarmEvent,
  open: OpenAlarm | undefined,
  thread: string | undefined,
): Promise<void> {
  const id = alarmId(event);
  if (event.status === "firing") {
    const note = { since: open?.since ?? event.occurredAt, thread };
    await updateNote<OpenAlarm, void>(notebook, id, () => ({ value: note, result: undefined }));
  } else if (event.status === "resolved" && open) {
    await notebook.remove(id);
  }
  await notebook.write(toldId(event.idempotencyKey), true, undefined);
}

/**
 * Notes a batch that a gathering has taken in, in one write: the queue gives nobody else messages of these alarms meanwhile.
 * @param known notes of these alarms, by id
 * @param leader whose delivery is not done yet
 */
export async function rememberGathered(
  notebook: Notebook,
  batch: readonly AlarmEvent[],
  known: ReadonlyMap<string, Note<unknown>>,
  leader: string,
): Promise<void> {
  const notes = new Map<string, Note<unknown> | undefined>();
  for (const event of batch) {
    const { idempotencyKey: key, occurredAt, status } = event;
    const id = alarmId(event);
    const { value, version = 0 } = ((notes.has(id) ? notes.get(id) : known.get(id)) ?? {}) as Partial<Note<OpenAlarm>>;
    if (status === "firing") {
      notes.set(id, { value: { since: value?.since ?? occurredAt, gathering: leader }, version: version + 1 });
    }
    if (status === "resolved") notes.set(id, undefined);
    if (key !== leader) notes.set(toldId(key), { value: true, version: 1 });
  }
  await notebook.writeAll(notes);
}

/** Notes what a message says of its connection's tunnels. @returns those that are down now */
export async function noteTunnels(notebook: Notebook, event: AlarmEvent): Promise<readonly string[]> {
  const { label, status, tunnelAddresses } = event;
  if (!label?.connection || (label.kind !== "any-down" && label.kind !== "all-down")) return [];
  const all = Object.keys(label.tunnels ?? {});
  const named = tunnelAddresses.filter((address) => all.length === 0 || all.includes(address));
  return updateNote<DownTunnels, readonly string[]>(notebook, `down#${label.connection}`, (old = {}) => {
    const down = new Map(Object.entries(old));
    const isAll = label.kind === "all-down";
    if (status === "firing") {
      for (const address of isAll ? all : named) if (!down.has(address)) down.set(address, event.occurredAt ?? "");
    }
    if (status === "resolved" && !isAll) {
      // An alarm over the whole connection is over when every tunnel is up; one tunnel's, when that one is.
      for (const address of named.length > 0 ? named : all) down.delete(address);
    }
    return { value: Object.fromEntries(down), result: [...down.keys()] };
  });
}
