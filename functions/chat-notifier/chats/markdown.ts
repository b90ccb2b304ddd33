import { cut } from "../../common/json-reader";
import type { ChatMessage } from "../chat-message";

export const SIGNS = { bad: "🔴", good: "🟢", neutral: "⚪" } as const;

export interface MarkdownStyle {
  readonly bold: (text: string) => string;
  readonly link: (name: string, url: string) => string;
  /** For servers that read some signs even inside code. */
  readonly escape?: (text: string) => string;
  /** Most characters of a whole message. */
  readonly limit: number;
}

/**
 * A message in Markdown. Whatever others wrote stands in code, where no server reads formatting, links or mentions; a neutral
 * text has no backtick that could end it. Headline, facts and link are always whole; the text takes the room that is left.
 */
export function renderMarkdown(message: ChatMessage, style: MarkdownStyle): string {
  const escapeSigns = style.escape ?? ((text) => text);
  const code = (text: string) => `\`${escapeSigns(text)}\``;
  const about = message.about ? `${code(message.about)} ` : "";
  const head = [
    `${SIGNS[message.tone]} ${about}${style.bold(message.headline)}`,
    ...message.facts.map(({ name, value }) => `${name}: ${code(value)}`),
  ].join("\n");
  const tail = message.link ? `\n${style.link(message.link.name, message.link.url)}` : "";
  const room = style.limit - head.length - tail.length - "\n```\n\n```".length;
  const text = escapeSigns(message.text);
  if (text === "" || room < message.cutShort.length + 2) return `${head}${tail}`;
  const shown =
    text.length <= room ? text : `${cutWhole(text, room - message.cutShort.length - 1)}\n${message.cutShort}`;
  return `${head}\n\`\`\`\n${shown}\n\`\`\`${tail}`;
}

/** Never half an entity (`&am…`). */
function cutWhole(text: string, most: number): string {
  return cut(text, most).replace(/&[a-z]{0,4}…$/, "…");
}

export const MARKDOWN = {
  bold: (text: string) => `**${text}**`,
  link: (name: string, url: string) => `[${name}](${url})`,
};
