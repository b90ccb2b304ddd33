import { cut } from "../../common/json-reader";
import type { ChatMessage } from "../chat-message";
import { type ChatServerOf, postJson } from "../chat-server";
import { SIGNS } from "./markdown";

/** Teams takes about 28 KB; so many characters of text are at most 18 KB in UTF-8. @see https://learn.microsoft.com/connectors/teams/ */
const TEXT_CHARACTERS = 6_000;

/**
 * A workflow that posts a card. It can't answer below an earlier one.
 * @see https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 */
export const teams: ChatServerOf = ({ url, token }, send) => ({
  post: async (message) => {
    const content = renderCard(message);
    const attachment = { contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content };
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    await postJson(send, url, { type: "message", attachments: [attachment] }, headers);
    return undefined;
  },
});

/** Text runs, because text blocks and fact sets read Markdown. @see https://adaptivecards.io/explorer/TextRun.html */
function renderCard(message: ChatMessage) {
  const { about, cutShort, facts, headline, link, text, tone } = message;
  const shown = text.length <= TEXT_CHARACTERS ? text : `${cut(text, TEXT_CHARACTERS)}\n${cutShort}`;
  const line = (words: string, style: object = {}) => ({
    type: "RichTextBlock",
    inlines: [{ type: "TextRun", text: words, ...style }],
  });
  return {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [
      line(`${SIGNS[tone]} ${about ? `${about}: ` : ""}${headline}`, { weight: "Bolder", size: "Medium" }),
      ...facts.map(({ name, value }) => line(`${name}: ${value}`)),
      ...(shown ? [line(shown, { isSubtle: true })] : []),
    ],
    actions: link ? [{ type: "Action.OpenUrl", title: link.name, url: link.url }] : [],
  };
}
