import { isLoopback } from "../common/environment";
import { UnavailableError } from "../common/errors";
import { parseJson, textField } from "../common/json-reader";
import type { ChatAccess } from "./chat-server";

/** @throws {UnavailableError} saying what is wrong with the secret, never what is in it: it can be put right, and the queue waits */
export function parseChatAccess(secret: string | undefined): ChatAccess {
  if (!secret) throw new UnavailableError("the chat's secret has no value");
  const parsed = parseJson(secret);
  const text = textField(parsed, "url");
  const url = text && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !(url.protocol === "https:" || isLoopback(url))) {
    throw new UnavailableError('the chat\'s secret must be JSON with an https "url"');
  }
  return { url, token: textField(parsed, "token"), channel: textField(parsed, "channel") };
}
