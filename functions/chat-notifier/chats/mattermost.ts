import { textField } from "../../common/json-reader";
import { below, type ChatServerOf, need, postJson } from "../chat-server";
import { MARKDOWN, renderMarkdown } from "./markdown";

/** @see https://developers.mattermost.com/integrate/webhooks/incoming/ (16383 characters of text since 5.0) */
const LIMIT = 16_383;

/**
 * An incoming webhook; or, where the secret has a bot's token, the API, since only that can answer in a thread.
 * @see https://api.mattermost.com/#tag/posts/operation/CreatePost
 */
export const mattermost: ChatServerOf = ({ url, token, channel }, send) => ({
  post: async (message, thread) => {
    const text = renderMarkdown(message, { ...MARKDOWN, limit: LIMIT });
    if (!token) {
      await postJson(send, url, { text, ...(channel ? { channel } : {}) });
      return undefined;
    }
    const post = { channel_id: need(channel, "channel", "Mattermost's API"), message: text, root_id: thread ?? "" };
    const answer = await postJson(send, below(url, "api/v4/posts"), post, { authorization: `Bearer ${token}` });
    return thread ?? textField(answer, "id");
  },
});
