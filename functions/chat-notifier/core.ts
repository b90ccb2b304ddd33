import { readAlarm } from "../common/read-alarm";
import { admit, type GatheredAlarm, type Gathering, isGathering, toldId } from "./burst";
import { renderAlarm } from "./chat-message";
import { BeginningPendingError } from "./errors";
import { Failures, type Received } from "./failures";
import { recall, recallOpen, remember } from "./memory";
import type { Delivery, NotifierTools } from "./notifier";
import { postMessage } from "./post-message";
import { tellGathering } from "./tell-gathering";
import { TEXTS } from "./texts";

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
  const { fresh, leading } = await sortOut(batch, failures, tools);
  const alarms = fresh.filter(({ event }) => !event.isHeartbeat);
  const admission =
    alarms.length > 0 ? await admit(tools.notebook, alarms.map(toGathered), tools.now()) : ({ how: "alone" } as const);
  const isAlone = ({ event }: Received) => admission.how === "alone" || event.isHeartbeat;
  for (const received of fresh.filter(isAlone)) {
    await attempt(received, failures, () => tellAlone(received, tools));
  }
  if (admission.how === "gathered") {
    const { leader } = admission;
    await forEachAlarm(alarms, (received) => attempt(received, failures, () => noteGathered(received, leader, tools)));
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
  const readTold = async (key: string) => (await notebook.read<true | Gathering>(toldId(key)))?.value;
  const known = await Promise.all(
    batch.map(async ({ event }) => {
      const [told, open] = await Promise.all([
        readTold(event.idempotencyKey),
        event.status === "resolved" ? recallOpen(notebook, event) : undefined,
      ]);
      const isPending = open?.gathering !== undefined && isGathering(await readTold(open.gathering));
      return { isTold: told === true, isLeading: isGathering(told), isPending };
    }),
  );
  const fresh: Received[] = [];
  const leading: Received[] = [];
  const seen = new Set<string>();
  for (const [index, received] of batch.entries()) {
    const { idempotencyKey } = received.event;
    const { isTold, isLeading, isPending } = known[index] as (typeof known)[number];
    if (isLeading) leading.push(received);
    else if (isTold || seen.has(idempotencyKey)) log("info", "delivered twice, told once", { idempotencyKey });
    else if (isPending) failures.note(received, new BeginningPendingError());
    else if (!failures.holdsUp(received)) fresh.push(received);
    seen.add(idempotencyKey);
  }
  return { fresh, leading };
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
  await remember(notebook, event, background.open, { thread }, true);
  log("info", "alarm told", { alarm, idempotencyKey, status });
}

async function noteGathered({ event }: Received, leader: string, { notebook }: NotifierTools): Promise<void> {
  const { open } = await recall(notebook, event);
  await remember(notebook, event, open, { gathering: leader }, event.idempotencyKey !== leader);
}

/** Alarms at the same time, each one's messages one after the other. */
async function forEachAlarm(batch: readonly Received[], work: (received: Received) => Promise<void>): Promise<void> {
  const chains = new Map<string, Promise<void>>();
  for (const received of batch) {
    const { alarm } = received.event;
    const earlier = chains.get(alarm) ?? Promise.resolve();
    chains.set(
      alarm,
      earlier.then(() => work(received)),
    );
  }
  await Promise.all(chains.values());
}

function toGathered({ event }: Received): GatheredAlarm {
  const { alarm, idempotencyKey: key, label, occurredAt, source, status, title } = event;
  const connection = label?.connection ?? label?.subject;
  return { key, alarm, source, status, title, occurredAt, connection, kind: label?.kind };
}
