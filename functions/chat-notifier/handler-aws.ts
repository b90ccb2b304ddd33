import { setTimeout as sleep } from "node:timers/promises";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { awsSecretStore } from "../common/aws-secret-store";
import { logLine } from "../common/log-line";
import { ALARM_SOURCES } from "../common/relay-contract";
import { cacheSecret } from "../common/secret-store";
import { notify } from "./core";
import { dynamoNotebook } from "./dynamo-notebook";
import { parseChatNotifierEnvironment } from "./env";
import { heartbeatLine } from "./heartbeat-metric";
import { makeChat } from "./make-chat";
import { memoryNotebook } from "./notebook";
import { trustingFetch } from "./trusting-fetch";

const SECRET_AGE_MS = 60_000;
/** Time that is left for the answer to the queue. */
const MARGIN_MS = 2_000;

const environment = parseChatNotifierEnvironment(process.env);
const { chatSecretId, heartbeatMetricNamespace, site, stateTable } = environment;
const store = awsSecretStore();
const secret = cacheSecret(() => store.read(chatSecretId, "current"), Date.now, SECRET_AGE_MS);
const notebook = stateTable ? dynamoNotebook(stateTable, Date.now) : memoryNotebook();
const chatFetch = trustingFetch(environment.chatCa);

/** Called by the queue's event source mapping, with ReportBatchItemFailures. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const deadlineMs = Date.now() + context.getRemainingTimeInMillis() - MARGIN_MS;
  const clock = { sleep, now: Date.now, deadlineMs };
  const deliveries = event.Records.map((record) => ({
    id: record.messageId,
    source: sourceOf(record),
    text: record.body,
  }));
  const failed = await notify(deliveries, {
    ...clock,
    language: environment.language,
    notebook,
    log: logLine,
    chat: makeChat(environment.chatType, { ...clock, secret, fetch: await chatFetch }),
    countHeartbeat: (road) => {
      process.stdout.write(`${heartbeatLine(heartbeatMetricNamespace, site, road, Date.now())}\n`);
    },
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** The relay writes the path's last part into an attribute; a neutral event says it itself. */
function sourceOf({ messageAttributes }: SQSRecord) {
  const named = Object.entries(messageAttributes ?? {}).find(([name]) => name.toLowerCase() === "source");
  return ALARM_SOURCES.find((source) => source === named?.[1].stringValue) ?? "aws";
}
