import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "aws-lambda";
import { awsSecretStore } from "../common/aws-secret-store";
import { field, listField, textField } from "../common/json-reader";
import { logLine } from "../common/log-line";
import { cacheSecret } from "../common/secret-store";
import { forwardAlarm } from "./core";
import { parseAlarmForwarderEnvironment } from "./env";

const TOKEN_AGE_MS = 5 * 60_000;
/** Time that is left for the answer and the log. */
const MARGIN_MS = 1_500;

const environment = parseAlarmForwarderEnvironment(process.env);
const store = awsSecretStore();
const token = cacheSecret(() => store.read(environment.tokenSecretId, "current"), Date.now, TOKEN_AGE_MS);

/** Called by SNS (one record each) or by an EventBridge rule. Throws on failure, so that Lambda tries again. */
export async function handler(event: unknown, context: Context): Promise<{ readonly forwarded: number }> {
  const messages = toMessages(event);
  for (const { text, messageId } of messages) {
    await forwardAlarm(
      text,
      { messageId, receivedAt: new Date().toISOString() },
      {
        environment,
        token,
        log: logLine,
        fetch,
        sleep,
        now: Date.now,
        deadlineMs: Date.now() + context.getRemainingTimeInMillis() - MARGIN_MS,
      },
    );
  }
  return { forwarded: messages.length };
}

function toMessages(event: unknown): readonly { readonly text: string; readonly messageId?: string }[] {
  const records = listField(event, "Records").map((record) => field(record, "Sns"));
  if (records.length === 0) return [{ text: JSON.stringify(event), messageId: textField(event, "id") }];
  return records.map((sns) => ({ text: textField(sns, "Message") ?? "", messageId: textField(sns, "MessageId") }));
}
