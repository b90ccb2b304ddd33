import { closeGathering, openGathering, toldId } from "./burst";
import { renderGathering } from "./chat-message";
import { threadId } from "./memory";
import { updateNote } from "./notebook";
import type { NotifierTools } from "./notifier";
import { postMessage } from "./post-message";
import { TEXTS } from "./texts";

/** A gathering is told once nothing joined it for so long, or for so many times what this batch has taken so far … */
const QUIET_MS = 2_000;
const QUIET_BATCHES = 3;
/** … and in any case after so long. */
const GATHER_MS = 20_000;
const LOOK_MS = 250;
/** Time that the posting itself is left. */
const POST_MS = 5_000;

/**
 * Waits until nothing more joins a gathering, and tells it as one message.
 * @param key of its first member
 * @param startedAtMs when this batch came: where a batch takes long, the next one that could join does too
 */
export async function tellGathering(key: string, startedAtMs: number, tools: NotifierTools): Promise<void> {
  const { language, log, notebook, now, sleep } = tools;
  const quietMs = Math.max(QUIET_MS, QUIET_BATCHES * (now() - startedAtMs));
  const untilMs = Math.min(now() + GATHER_MS, tools.deadlineMs - POST_MS);
  for (;;) {
    const gathering = await openGathering(notebook);
    if (gathering?.key !== key || now() >= untilMs || now() - gathering.lastJoinedAtMs >= quietMs) break;
    await sleep(LOOK_MS);
  }
  const gathering = await closeGathering(notebook, key);
  if (!gathering) return;
  const thread = await postMessage(renderGathering(gathering, TEXTS[language]), undefined, tools);
  if (thread) await notebook.write(threadId(key), thread, undefined);
  await updateNote<unknown, void>(notebook, toldId(key), () => ({ value: true, result: undefined }));
  log("info", "gathered alarms told", { alarms: gathering.count });
}
