import { textField } from "../../common/json-reader";
import { type ChatServerOf, need, postJson } from "../chat-server";
import { renderMarkdown } from "./markdown";

/** What Slack advises; it cuts at 40,000. @see https://docs.slack.dev/reference/methods/chat.postMessage */
const LIMIT = 4_000;

const STYLE = {
  bold: (text: string) => `*${text}*`,
  link: (name: string, url: string) => `<${url.replace(/&/g, "&amp;")}|${name}>`,
  // Slack reads <!channel> and links even inside code. @see https://docs.slack.dev/messaging/formatting-message-text
  escape: (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;"),
  limit: LIMIT,
};

/**
 * An incoming webhook of Slack, or of a server that speaks like it; or, where the secret has a bot's token, the method
 * chat.postMessage (then `url` is the method's), which can answer in a thread.
 */
export const slack: ChatServerOf = ({ url, token, channel }, send) => ({
  post: async (message, thread) => {
    const body = { text: renderMarkdown(message, STYLE), unfurl_links: false, unfurl_media: false };
    if (!token) {
      await postJson(send, url, { ...body, ...(channel ? { channel } : {}) });
      return undefined;
    }
    const to = { channel: need(channel, "channel", "Slack's API"), ...(thread ? { thread_ts: thread } : {}) };
    const answer = await postJson(send, url, { ...body, ...to }, { authorization: `Bearer ${token}` });
    return thread ?? textField(answer, "ts");
  },
});
