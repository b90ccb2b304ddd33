import { cut, textField } from "../../common/json-reader";
import type { ChatMessage } from "../chat-message";
import { below, type ChatServerOf, need, postJson } from "../chat-server";
import { SIGNS } from "./markdown";

/** An event takes 65,536 bytes, and the text is in it twice. @see https://spec.matrix.org/latest/client-server-api/#size-limits */
const TEXT_CHARACTERS = 6_000;

/** The client-server API: the message's own key is the transaction, so that a message sent twice appears once. */
export const matrix: ChatServerOf = ({ url, token, channel }, send) => ({
  post: async (message, thread) => {
    const room = encodeURIComponent(need(channel, "channel", "Matrix"));
    const path = `_matrix/client/v3/rooms/${room}/send/m.room.message/${encodeURIComponent(message.key)}`;
    const headers = { authorization: `Bearer ${need(token, "token", "Matrix")}` };
    const relation = {
      rel_type: "m.thread",
      event_id: thread,
      is_falling_back: true,
      "m.in_reply_to": { event_id: thread },
    };
    const event = { ...renderEvent(message), ...(thread ? { "m.relates_to": relation } : {}) };
    const answer = await postJson(send, below(url, path), event, headers, "PUT");
    return thread ?? textField(answer, "event_id");
  },
});

function renderEvent({ about, cutShort, facts, headline, link, text, tone }: ChatMessage) {
  const shown = text.length <= TEXT_CHARACTERS ? text : `${cut(text, TEXT_CHARACTERS)}\n${cutShort}`;
  const head = `${SIGNS[tone]} ${about ? `${about}: ` : ""}${headline}`;
  const lines = [head, ...facts.map(({ name, value }) => `${name}: ${value}`), ...(shown ? [shown] : [])];
  const html = [
    `<strong>${escapeHtml(head)}</strong>`,
    ...facts.map(({ name, value }) => `${escapeHtml(name)}: <code>${escapeHtml(value)}</code>`),
    ...(shown ? [`<pre>${escapeHtml(shown)}</pre>`] : []),
    ...(link ? [`<a href="${escapeHtml(link.url)}">${escapeHtml(link.name)}</a>`] : []),
  ];
  return {
    msgtype: "m.text",
    body: [...lines, ...(link ? [link.url] : [])].join("\n"),
    format: "org.matrix.custom.html",
    formatted_body: html.join("<br>"),
    // Says that nobody is mentioned, whatever the text looks like.
    "m.mentions": {},
  };
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
