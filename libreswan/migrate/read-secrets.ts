/** What is wrong with how a secret is written. */
export type SecretFault =
  | "no-colon"
  | "no-space-after-colon"
  | "no-kind"
  | "empty"
  | "not-quoted"
  | "unfinished-quote"
  | "quote-inside"
  | "odd-quotes"
  | "hash-unquoted"
  | "comma"
  | "indented";

/** One entry of ipsec.secrets. */
export interface SecretEntry {
  /** 1-based line on which it begins. */
  readonly line: number;
  readonly indices: readonly string[];
  /** Upper case: PSK, XAUTH, RSA, PPKS. Missing where it can't be told. */
  readonly kind?: string;
  /** A PSK's value, as meant. */
  readonly value?: string;
  /** Whether the value is one of 0x…, 0s…, 0t…, which stand without quotes. */
  readonly isEncoded: boolean;
  readonly faults: readonly SecretFault[];
  /** The entry's lines as they stand. */
  readonly raw: readonly string[];
}

export interface SecretsDocument {
  readonly entries: readonly SecretEntry[];
  readonly includes: readonly { readonly line: number; readonly raw: string }[];
}

interface Line {
  readonly line: number;
  readonly text: string;
}

const MAX_ENTRY_LINES = 100;
const KIND = /^(psk|xauth|rsa|ecdsa|ppks?|pin)\b/i;
const WITH_KIND = /:\s*(psk|xauth|rsa|ecdsa|ppks?|pin)\b/i;
const OTHER_QUOTES = /^[`\u201c\u201d\u201e\u2018\u2019\u300c\uff02]/;

/**
 * Reads an ipsec.secrets the way Libreswan does: an entry begins in column 1, further lines of it are indented, a quote
 * ends at the next quote of the same kind. Never fails; what Libreswan would refuse becomes a fault.
 * @see https://libreswan.org/man/ipsec.secrets.5.html
 * @see https://github.com/libreswan/libreswan/blob/v4.10/lib/libswan/lex.c
 */
export function readSecrets(lines: readonly Line[]): SecretsDocument {
  const groups: Line[][] = [];
  const includes: { line: number; raw: string }[] = [];
  let hasKind = false;
  for (const { line, text } of lines) {
    const clean = text.replace(/^\ufeff/, "").replace(/\r$/, "");
    const trimmed = clean.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const group = groups.at(-1);
    const canContinue = /^\s/.test(clean) && group !== undefined && group.length < MAX_ENTRY_LINES;
    if (/^include\s/i.test(clean)) includes.push({ line, raw: trimmed });
    else if (canContinue && !(hasKind && isComplete(trimmed))) group.push({ line, text: trimmed });
    else {
      groups.push([{ line, text: clean }]);
      hasKind = false;
    }
    hasKind ||= WITH_KIND.test(trimmed);
  }
  return { entries: groups.map(parseEntry), includes };
}

export function toSecretLines(text: string): Line[] {
  return text.split("\n").map((line, index) => ({ line: index + 1, text: line }));
}

/** Whether an indented line is an entry of its own that someone indented. */
function isComplete(trimmed: string): boolean {
  return /^[^"'\s]+(\s+[^"'\s]+)?\s*:\s+psk\s/i.test(trimmed);
}

function parseEntry(lines: readonly Line[]): SecretEntry {
  const raw = lines.map(({ text }) => text);
  const text = raw.join(" ").trim();
  const base = { line: lines[0]?.line ?? 0, raw, isEncoded: false };
  const indented: SecretFault[] = /^\s/.test(raw[0] ?? "") ? ["indented"] : [];
  const colon = findColon(text);
  if (colon === undefined) return { ...base, indices: [], faults: ["no-colon"] };
  const indices = text
    .slice(0, colon)
    .split(/[\s,]+/)
    .filter((index) => index !== "");
  const rest = text.slice(colon + 1);
  const spacing: SecretFault[] = [
    ...(/^\s/.test(rest) ? [] : (["no-space-after-colon"] as const)),
    ...(text.slice(0, colon).includes(",") ? (["comma"] as const) : []),
  ];
  const after = rest.trim();
  const kind = KIND.exec(after)?.[1]?.toUpperCase();
  if (!kind) return { ...base, indices, faults: [...indented, ...spacing, "no-kind"] };
  if (kind !== "PSK") return { ...base, indices, kind, faults: [] };
  const secret = parseSecret(after.slice(3));
  return { ...base, indices, kind, ...secret, faults: [...indented, ...spacing, ...secret.faults] };
}

/** The colon that ends the indices: one with a kind after it, or with space after it. IPv6 addresses hold others. */
function findColon(text: string): number | undefined {
  const beforeKind = text.search(WITH_KIND);
  if (beforeKind >= 0) return beforeKind;
  const beforeSpace = text.search(/:\s/);
  return beforeSpace >= 0 ? beforeSpace : undefined;
}

function parseSecret(text: string): { value?: string; isEncoded: boolean; faults: SecretFault[] } {
  const secret = text.trim();
  const quote = secret.charAt(0);
  if (secret === "") return { isEncoded: false, faults: ["empty"] };
  if (quote === '"' || quote === "'") return parseQuoted(secret.slice(1), quote);
  if (OTHER_QUOTES.test(secret)) {
    return {
      value: secret.slice(1).replace(/[`\u201c\u201d\u2018\u2019\u300d\uff02"]$/, ""),
      isEncoded: false,
      faults: ["odd-quotes"],
    };
  }
  if (/^0[xst]/i.test(secret)) return { value: cutComment(secret), isEncoded: true, faults: [] };
  const faults: SecretFault[] = secret.includes("#") ? ["not-quoted", "hash-unquoted"] : ["not-quoted"];
  return { value: secret, isEncoded: false, faults };
}

function parseQuoted(text: string, quote: string): { value?: string; isEncoded: boolean; faults: SecretFault[] } {
  const end = text.indexOf(quote);
  if (end < 0) return { value: text.trim(), isEncoded: false, faults: ["unfinished-quote"] };
  const rest = text.slice(end + 1).trim();
  const last = text.lastIndexOf(quote);
  const isMore = rest !== "" && !rest.startsWith("#");
  if (isMore && last > end) return { value: text.slice(0, last), isEncoded: false, faults: ["quote-inside"] };
  if (isMore) return { value: text.slice(0, end), isEncoded: false, faults: ["quote-inside"] };
  return end === 0
    ? { isEncoded: false, faults: ["empty"] }
    : { value: text.slice(0, end), isEncoded: false, faults: [] };
}

function cutComment(text: string): string {
  const comment = text.search(/\s#/);
  return (comment < 0 ? text : text.slice(0, comment)).trim();
}
