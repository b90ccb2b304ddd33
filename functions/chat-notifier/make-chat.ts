import { type Fetch, postWithPatience } from "../common/post-with-patience";
import type { CachedSecret } from "../common/secret-store";
import { parseChatAccess } from "./chat-access";
import type { ChatServer } from "./chat-server";
import { CHAT_SERVERS } from "./chats/chat-servers";
import type { ChatType } from "./env";

export interface ChatTools {
  readonly secret: CachedSecret;
  readonly fetch: Fetch;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly now: () => number;
  readonly deadlineMs: number;
}

/** No message may eat the time of those behind it: a chat that does not answer is asked again by the queue. */
const MESSAGE_MS = 10_000;

/** The site's chat, its address read from the secret when a message is to be posted. */
export function makeChat(type: ChatType, tools: ChatTools): ChatServer {
  return {
    post: async (message, thread) => {
      const access = parseChatAccess(await tools.secret.get());
      const deadlineMs = Math.min(tools.deadlineMs, tools.now() + MESSAGE_MS);
      const server = CHAT_SERVERS[type](access, (request) =>
        postWithPatience(request, "chat server", { ...tools, deadlineMs }),
      );
      return server.post(message, thread);
    },
  };
}
