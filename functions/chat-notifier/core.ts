import type { AlarmEvent } from "../common/alarm-event";
import { RefusedError } from "../common/errors";
import { readAlarm } from "../common/read-alarm";
import { admit, type Digest, digestId } from "./burst";
import { renderAlarm } from "./chat-message";
import { BeginningPendingError } from "./errors";
import { type OpenAlarm, recall, remember, toldId } from "./memory";
import type { Delivery, NotifierTools } from "./notifier";
import { postMessage } from "./post-message";
import { tellGathering } from "./tell-gathering";
import { TEXTS } from "./texts";

/** Statuses that mean that the chat's address or its credential is wrong: no message would be taken. */
const NO_ENTRY = [401, 403, 404, 405, 410];

/**
 * Tells a batch of the queue's messages, in its order.
 * @returns ids of those that the queue must deliver again; within one alarm everything after a failure is among them, so that
 *   an end is never told before its beginning
 */
export async function notify(deliveries: readonly Delivery[], tools: NotifierTools): Promise<readonly string[]> {
  const failed = new Set<string>();
  const stuckAlarms = new Set<string>();
  const gatherings = new Map<string, string>();
  let isChatDown = false;
  for (const { id, source, text } of deliveries) {
    const event = readAlarm(source, text, { receivedAt: new Date(tools.now()).toISOString() });
    const { alarm, idempotencyKey } = event;
    if (isChatDown || stuckAlarms.has(alarm)) {
      failed.add(id);
      continue;
    }
    try {
      const gathering = await takeIn(event, tools);
      if (gathering) gatherings.set(id, gathering);
    } catch (error) {
      failed.add(id);
      stuckAlarms.add(alarm);
      isChatDown = !isOnlyThisMessages(error);
      tools.log("error", "alarm not told; it stays in the queue", { alarm, idempotencyKey, reason: reasonOf(error) });
    }
  }
  for (const [id, gathering] of gatherings) {
    try {
      if (isChatDown) failed.add(id);
      else await tellGathering(gathering, tools);
    } catch (error) {
      failed.add(id);
      isChatDown = !isOnlyThisMessages(error);
      tools.log("error", "gathered alarms not told; they stay in the queue", { gathering, reason: reasonOf(error) });
    }
  }
  return deliveries.map(({ id }) => id).filter((id) => failed.has(id));
}

/** @returns the gathering that this delivery must tell before it is done */
async function takeIn(event: AlarmEvent, tools: NotifierTools): Promise<string | undefined> {
  const { idempotencyKey: key, label } = event;
  const { language, log, notebook, now } = tools;
  const own = digestId(key);
  const [ownGathering, told] = await Promise.all([notebook.read(own), notebook.read(toldId(key))]);
  // Delivered again, because its gathering could not be told.
  if (ownGathering) return own;
  if (told) {
    log("info", "delivered twice, told once", { idempotencyKey: key });
    return undefined;
  }
  if (event.isHeartbeat) {
    await postMessage(renderAlarm(event, { down: [] }, TEXTS[language]), undefined, tools);
    tools.countHeartbeat(label?.subject ?? "unknown");
    return undefined;
  }
  const background = await recall(notebook, event);
  if (event.status === "resolved" && (await isBeingTold(background.open, tools))) throw new BeginningPendingError();
  const { alarm, source, status, title } = event;
  const admission = await admit(
    notebook,
    { key, alarm, source, status, title, connection: label?.connection ?? label?.subject, kind: label?.kind },
    now(),
  );
  if (admission.how === "alone") {
    const thread = await postMessage(renderAlarm(event, background, TEXTS[language]), background.thread, tools);
    await remember(notebook, event, background.open, { thread }, true);
    log("info", "alarm told", { alarm, idempotencyKey: key, status });
    return undefined;
  }
  await remember(notebook, event, background.open, { digest: admission.digest }, admission.how === "joined");
  return admission.how === "first" ? admission.digest : undefined;
}

/** An open gathering would take the end too; a closed one is on its way, or waits for its next delivery. */
async function isBeingTold(open: OpenAlarm | undefined, { notebook }: NotifierTools): Promise<boolean> {
  return open?.digest !== undefined && (await notebook.read<Digest>(open.digest))?.value.isClosed === true;
}

function isOnlyThisMessages(error: unknown): boolean {
  if (error instanceof BeginningPendingError) return true;
  return error instanceof RefusedError && !NO_ENTRY.includes(error.status);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "unknown";
}
