import { type ChatServerOf, postJson } from "../chat-server";

/** Any program that takes JSON: the message and the events behind it. */
export const json: ChatServerOf = ({ url, token, channel }, send) => ({
  post: async ({ about, events, facts, headline, key, link, text, tone }) => {
    const body = { kakehashi: 1, key, channel, tone, about, headline, facts, text, link: link?.url, events };
    await postJson(send, url, body, token ? { authorization: `Bearer ${token}` } : {});
    return undefined;
  },
});
