import { setTimeout as sleep } from "node:timers/promises";
import fdk from "@fnproject/fdk";
import { UnavailableError } from "../common/errors";
import { deadlineOf } from "../common/fdk-context";
import { logLine } from "../common/log-line";
import { ociSecretStore } from "../common/oci-secret-store";
import { cacheSecret } from "../common/secret-store";
import { notify } from "./core";
import { parseChatNotifierEnvironment } from "./env";
import { makeChat } from "./make-chat";
import { memoryNotebook } from "./notebook";
import { readQueued } from "./read-queued";
import { trustingFetch } from "./trusting-fetch";

const SECRET_AGE_MS = 60_000;

const { chatCa, chatSecretId, chatType, language } = parseChatNotifierEnvironment(process.env);
const store = ociSecretStore();
const secret = cacheSecret(() => store.read(chatSecretId, "current"), Date.now, SECRET_AGE_MS);
const notebook = memoryNotebook();
const chatFetch = trustingFetch(chatCa);

// Called by a connector that reads the queue. Its batch succeeds or fails as a whole: what was told already is known by its key.
fdk.handle(
  async (input, context) => {
    const clock = { sleep, now: Date.now, deadlineMs: deadlineOf(context, Date.now()) };
    const deliveries = readQueued(input.toString("utf8"));
    const failed = await notify(deliveries, {
      ...clock,
      language,
      notebook,
      log: logLine,
      chat: makeChat(chatType, { ...clock, secret, fetch: await chatFetch }),
      countHeartbeat: (road) => logLine("info", "heartbeat arrived", { road }),
    });
    if (failed.length > 0) throw new UnavailableError(`${failed.length} of ${deliveries.length} alarms not told`);
    return { told: deliveries.length };
  },
  { inputMode: "buffer" },
);
