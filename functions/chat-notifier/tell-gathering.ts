import { closedId, closeGathering, openGathering } from "./burst";
import { renderGathering } from "./chat-message";
import { threadId, toldId } from "./memory";
import type { NotifierTools } from "./notifier";
import { postMessage } from "./post-message";
import { TEXTS } from "./texts";

/** A gathering is told once nothing joined it for so long … */
const QUIET_MS = 2_000;
/** … and in any case after so long. */
const GATHER_MS = 12_000;
const LOOK_MS = 250;
/** Time that the posting itself is left. */
const POST_MS = 5_000;

/** Waits until nothing more joins a gathering, and tells it as one message. @param key of its first member */
export async function tellGathering(key: string, tools: NotifierTools): Promise<void> {
  const { language, log, notebook, now, sleep } = tools;
  const untilMs = Math.min(now() + GATHER_MS, tools.deadlineMs - POST_MS);
  for (;;) {
    const gathering = await openGathering(notebook);
    if (gathering?.key !== key || now() >= untilMs || now() - gathering.lastJoinedAtMs >= QUIET_MS) break;
    await sleep(LOOK_MS);
  }
  const gathering = await closeGathering(notebook, key);
  if (!gathering) return;
  const thread = await postMessage(renderGathering(gathering, TEXTS[language]), undefined, tools);
  if (thread) await notebook.write(threadId(key), thread, undefined);
  await notebook.write(toldId(key), true, undefined);
  await notebook.remove(closedId(key));
  log("info", "gathered alarms told", { alarms: gathering.count });
}
