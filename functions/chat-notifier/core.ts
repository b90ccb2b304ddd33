import { cut } from "../common/json-reader";
import { readAlarm } from "../common/read-alarm";
import { admit, type GatheredAlarm, type Gathering, isGathering, toldId } from "./burst";
import { renderAlarm } from "./chat-message";
import { BeginningPendingError } from "./errors";
import { Failures, type Received } from "./failures";
import { alarmId, noteTunnels, type OpenAlarm, recall, remember, rememberGathered } from "./memory";
import type { Delivery, NotifierTools } from "./notifier";
import { postMessage } from "./post-message";
import { tellGathering } from "./tell-gathering";
import { TEXTS } from "./texts";

/** How much of a text a gathered message shows. */
const EXCERPT = 120;

/**
 * Tells a batch of the queue's messages, in its order; or takes it into a gathering, whose first member's delivery tells it.
 * @returns ids of those that the queue must deliver again; within one alarm everything after a failure is among them, so that
 *   an end is never told before its beginning
 * @throws {UnavailableError} and the store's own errors where nothing is known of any of them: the whole batch comes again
 */
export async function notify(deliveries: readonly Delivery[], tools: NotifierTools): Promise<readonly string[]> {
  const startedAtMs = tools.now();
  const receivedAt = new Date(startedAtMs).toISOString();
  const batch = deliveries.map(({ id, source, text }) => ({ id, event: readAlarm(source, text, { receivedAt }) }));
  const failures = new Failures(tools.log);
  const { fresh, known, leading } = await sortOut(batch, failures, tools);
  const alarms = fresh.filter(({ event }) => !event.isHeartbeat);
  const admission =
    alarms.length > 0 ? await admit(tools.notebook, alarms.map(toGathered), tools.now()) : ({ how: "alone" } as const);
  const isAlone = ({ event }: Received) => admission.how === "alone" || event.isHeartbeat;
  for (const received of fresh.filter(isAlone)) {
    await attempt(received, failures, () => tellAlone(received, tools));
  }
  if (admission.how === "gathered") {
    const { leader } = admission;
    const events = alarms.map(({ event }) => event);
    // One after the other: a connection's alarms meet on one note.
    for (const event of events) await noteTunnels(tools.notebook, event);
    await rememberGathered(tools.notebook, events, known, leader);
    leading.push(...alarms.filter(({ event }) => event.idempotencyKey === leader));
  }
  for (const received of leading) {
    await attempt(received, failures, () => tellGathering(received.event.idempotencyKey, startedAtMs, tools));
  }
  return batch.filter((received) => failures.has(received)).map(({ id }) => id);
}

/** @returns what was not told yet, and what leads a gathering that could not be told */
async function sortOut(batch: readonly Received[], failures: Failures, tools: NotifierTools) {
  const { log, notebook } = tools;
  const known = await notebook.readAll(batch.flatMap(({ event }) => [toldId(event.idempotencyKey), alarmId(event)]));
  const value = (id: string) => known.get(id)?.value;
  const gatherings = batch.flatMap(({ event }) => (value(alarmId(event)) as OpenAlarm | undefined)?.gathering ?? []);
  const told = gatherings.length > 0 ? await notebook.readAll(gatherings.map(toldId)) : new Map();
  const isPending = ({ event }: Received) => {
    const { gathering } = (value(alarmId(event)) ?? {}) as OpenAlarm;
    return event.status === "resolved" && gathering !== undefined && isGathering(told.get(toldId(gathering))?.value);
  };
  const fresh: Received[] = [];
  const leading: Received[] = [];
  const seen = new Set<string>();
  for (const received of batch) {
    const { idempotencyKey } = received.event;
    const mark = value(toldId(idempotencyKey)) as true | Gathering | undefined;
    if (isGathering(mark)) leading.push(received);
    else if (mark || seen.has(idempotencyKey)) log("info", "delivered twice, told once", { idempotencyKey });
    else if (isPending(received)) failures.note(received, new BeginningPendingError());
    else if (!failures.holdsUp(received)) fresh.push(received);
    seen.add(idempotencyKey);
  }
  return { fresh, known, leading };
}

/** Leaves out what has to wait, and keeps what fails for the queue. */
async function attempt(received: Received, failures: Failures, work: () => Promise<void>): Promise<void> {
  if (failures.holdsUp(received)) return;
  try {
    await work();
  } catch (error) {
    failures.note(received, error);
  }
}

async function tellAlone({ event }: Received, tools: NotifierTools): Promise<void> {
  const { language, log, notebook } = tools;
  const { alarm, idempotencyKey, label, status } = event;
  const background = event.isHeartbeat ? { down: [] } : await recall(notebook, event);
  const thread = await postMessage(renderAlarm(event, background, TEXTS[language]), background.thread, tools);
  if (event.isHeartbeat) tools.countHeartbeat(label?.subject ?? "unknown");
  await remember(notebook, event, background.open, thread);
  log("info", "alarm told", { alarm, idempotencyKey, status });
}

function toGathered({ event }: Received): GatheredAlarm {
  const { alarm, idempotencyKey: key, label, occurredAt, source, status, title } = event;
  const connection = label?.connection ?? label?.subject;
  const excerpt = connection ? undefined : cut(event.summary, EXCERPT);
  return { key, alarm, source, status, title, occurredAt, connection, kind: label?.kind, excerpt };
}
