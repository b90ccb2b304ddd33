import { closeDigest, type Digest } from "./burst";
import { renderDigest } from "./chat-message";
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

/** Waits until nothing more joins a gathering, and tells it as one message. */
export async function tellGathering(id: string, tools: NotifierTools): Promise<void> {
  const { language, log, notebook, now, sleep } = tools;
  const untilMs = Math.min(now() + GATHER_MS, tools.deadlineMs - POST_MS);
  for (;;) {
    const digest = (await notebook.read<Digest>(id))?.value;
    if (!digest || digest.isClosed || now() >= untilMs || now() - digest.lastJoinedAtMs >= QUIET_MS) break;
    await sleep(LOOK_MS);
  }
  const digest = await closeDigest(notebook, id);
  const key = digest?.entries[0]?.key;
  if (!digest || !key) return;
  const thread = await postMessage(renderDigest(key, digest, TEXTS[language]), undefined, tools);
  if (thread) await notebook.write(threadId(id), thread, undefined);
  await notebook.write(toldId(key), true, undefined);
  await notebook.remove(id);
  log("info", "gathered alarms told", { alarms: digest.count });
}
