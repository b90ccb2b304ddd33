import { cut } from "../../common/json-reader";
import { below, type ChatServerOf, need, readAnswer } from "../chat-server";
import { MARKDOWN, renderMarkdown } from "./markdown";

/** @see https://zulip.com/api/send-message (10,000 code points of content, 60 of topic) */
const LIMIT = 10_000;
const TOPIC_LIMIT = 60;

/** The API, as a bot (token: `bot-email:api-key`). A topic is the thread: firing and resolved meet in the connection's. */
export const zulip: ChatServerOf = ({ url, token, channel }, send) => ({
  post: async (message) => {
    const form = new URLSearchParams({
      type: "stream",
      to: need(channel, "channel", "Zulip"),
      topic: cut(message.topic, TOPIC_LIMIT),
      content: renderMarkdown(message, { ...MARKDOWN, limit: LIMIT }),
    });
    const credentials = Buffer.from(need(token, "token", "Zulip")).toString("base64");
    const headers = { "content-type": "application/x-www-form-urlencoded", authorization: `Basic ${credentials}` };
    readAnswer(await send({ method: "POST", url: below(url, "api/v1/messages"), headers, body: form.toString() }));
    return undefined;
  },
});
