import { RefusedError } from "../common/errors";
import type { ChatMessage } from "./chat-message";
import type { NotifierTools } from "./notifier";

/** Statuses by which a server says that it is the message that it does not like. */
const MESSAGE_FAULTS = [400, 413, 422];

/**
 * Posts a message; one that the server does not like is posted once more with the headline alone, so that at least this is told.
 * @returns the thread that it began, or went on with
 */
export async function postMessage(
  message: ChatMessage,
  thread: string | undefined,
  { chat, log }: NotifierTools,
): Promise<string | undefined> {
  try {
    return await chat.post(message, thread);
  } catch (error) {
    if (!(error instanceof RefusedError) || !MESSAGE_FAULTS.includes(error.status)) throw error;
    log("warn", "chat server refused the message; only its headline goes", {
      key: message.key,
      answered: error.status,
    });
    return await chat.post({ ...message, text: "", facts: [], link: undefined }, undefined);
  }
}
