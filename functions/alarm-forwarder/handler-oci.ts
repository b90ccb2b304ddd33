import { setTimeout as sleep } from "node:timers/promises";
import fdk from "@fnproject/fdk";
import { deadlineOf, type FunctionContext } from "../common/fdk-context";
import { logLine } from "../common/log-line";
import { ociSecretStore } from "../common/oci-secret-store";
import { cacheSecret } from "../common/secret-store";
import { forwardAlarm } from "./core";
import { parseAlarmForwarderEnvironment } from "./env";

const TOKEN_AGE_MS = 5 * 60_000;

const environment = parseAlarmForwarderEnvironment(process.env);
const store = ociSecretStore();
const token = cacheSecret(() => store.read(environment.tokenSecretId, "current"), Date.now, TOKEN_AGE_MS);

// Bytes, not text: the FDK's own decoding breaks a character that two chunks share.
fdk.handle(
  async (input: Buffer, context: FunctionContext) => {
    const messageId = context.getHeader("x-oci-ns-messageid") ?? undefined;
    const event = await forwardAlarm(
      input.toString("utf8"),
      { messageId, receivedAt: new Date().toISOString() },
      { environment, token, log: logLine, fetch, sleep, now: Date.now, deadlineMs: deadlineOf(context, Date.now()) },
    );
    // Always an object: the FDK's process dies of undefined.
    return { forwarded: event.idempotencyKey };
  },
  { inputMode: "buffer" },
);
