import { field, textField } from "../../common/json-reader";
import { below, type ChatServerOf, need, postJson } from "../chat-server";
import { MARKDOWN, renderMarkdown } from "./markdown";

/** The setting Message_MaxAllowedSize as it is installed. @see https://docs.rocket.chat/docs/message */
const LIMIT = 5_000;

/**
 * An incoming webhook; or, where the secret has a token (`userId:authToken`), the API, which can answer in a thread.
 * @see https://developer.rocket.chat/apidocs/post-message
 */
export const rocketchat: ChatServerOf = ({ url, token, channel }, send) => ({
  post: async (message, thread) => {
    const text = renderMarkdown(message, { ...MARKDOWN, bold: (words) => `*${words}*`, limit: LIMIT });
    if (!token) {
      await postJson(send, url, { text, ...(channel ? { channel } : {}) });
      return undefined;
    }
    const [user = "", key = ""] = token.split(":");
    const post = {
      channel: need(channel, "channel", "Rocket.Chat's API"),
      text,
      parseUrls: false,
      ...(thread ? { tmid: thread } : {}),
    };
    const headers = { "x-user-id": user, "x-auth-token": key };
    const answer = await postJson(send, below(url, "api/v1/chat.postMessage"), post, headers);
    return thread ?? textField(field(answer, "message"), "_id");
  },
});
