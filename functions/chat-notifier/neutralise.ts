/** Characters that write no sign but change how the others are read: controls, and Unicode's overrides of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const INVISIBLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** Schemes by which a link does more than lead somewhere. */
const SCRIPT_LINK = /\b(javascript|vbscript|data|file)(\s*:)/gi;

/**
 * A stranger's text that calls nobody and hides nothing: no mentions, no script links, no fence that ends a code block. What
 * each server would still read as formatting is kept inside code or escaped by the server's own file.
 */
export function neutralise(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(INVISIBLE, "")
    .replace(/`/g, "'")
    .replace(/@/g, "@\u200b")
    .replace(SCRIPT_LINK, "$1\u200b$2");
}

/** The same on one line. */
export function neutraliseLine(text: string): string {
  return neutralise(text).replace(/\s+/g, " ").trim();
}

/** A link that may be written down: https, and none of the characters that end one in Markdown, Slack's or HTML. */
export function safeLink(link: string | undefined): string | undefined {
  if (!link || !URL.canParse(link) || !link.startsWith("https://")) return undefined;
  return new URL(link).href.replace(/[()<>|"'`\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
