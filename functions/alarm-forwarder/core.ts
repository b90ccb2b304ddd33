import type { AlarmEvent } from "../common/alarm-event";
import { RefusedError, UnavailableError } from "../common/errors";
import type { Log } from "../common/log-line";
import { type Patience, postWithPatience } from "../common/post-with-patience";
import { type AlarmHints, readAlarm } from "../common/read-alarm";
import { ALARM_HEADER, IDEMPOTENCY_HEADER, TOKEN_HEADER } from "../common/relay-contract";
import type { CachedSecret } from "../common/secret-store";
import type { AlarmForwarderEnvironment } from "./env";

export interface ForwarderTools extends Patience {
  readonly environment: AlarmForwarderEnvironment;
  readonly token: CachedSecret;
  readonly log: Log;
}

/**
 * Carries one alarm to the relay.
 * @param text what the cloud posted, whatever it is
 * @throws {UnavailableError} where the relay could not be reached within the time limit
 * @throws {RefusedError} where the relay does not take it: the cloud's own retry carries on, and its failure is seen
 */
export async function forwardAlarm(text: string, hints: AlarmHints, tools: ForwarderTools): Promise<AlarmEvent> {
  const { environment, log, token } = tools;
  const event = readAlarm(environment.source, text, hints);
  const { alarm, idempotencyKey, status } = event;
  if (event.isUnreadable)
    log("warn", "alarm can't be read; its text goes on as it is", { bytes: Buffer.byteLength(text) });
  let answer = await send(event, await token.get(), tools);
  // A token that was just rotated: the one in memory may be two versions old.
  if (answer.status === 401 || answer.status === 403) answer = await send(event, await token.get(0), tools);
  if (answer.status < 200 || answer.status > 299) {
    log("error", "relay refused the alarm", { alarm, idempotencyKey, answered: answer.status });
    throw new RefusedError(`relay answered ${answer.status}`, answer.status);
  }
  log("info", "alarm handed to the relay", { alarm, idempotencyKey, status });
  return event;
}

async function send(event: AlarmEvent, token: string | undefined, tools: ForwarderTools) {
  if (!token) throw new UnavailableError("the relay's token: the secret has no value");
  const { relayUrl, source } = tools.environment;
  const url = new URL(`${relayUrl.replace(/\/+$/, "")}/${source}`);
  const headers = {
    "content-type": "application/json",
    [TOKEN_HEADER]: token.trim(),
    [IDEMPOTENCY_HEADER]: event.idempotencyKey,
    [ALARM_HEADER]: event.alarm,
  };
  return postWithPatience({ method: "POST", url, headers, body: JSON.stringify(event) }, "relay", tools);
}
