import { ConfigError } from "../../config/problems";
import { isKnownKeyword, type SectionKind } from "./keyword-table";

/** One `keyword = value` line. */
export interface Setting {
  /** Lower case. */
  readonly keyword: string;
  /** Without quotes and comment; several words are joined by one space. */
  readonly value: string;
  readonly isQuoted: boolean;
  readonly line: number;
}

export interface ConfSection {
  readonly kind: SectionKind;
  /** Empty for `config setup`. */
  readonly name: string;
  readonly line: number;
  readonly settings: readonly Setting[];
}

export type NoteKind =
  | "byte-order-mark"
  | "carriage-return"
  | "odd-space"
  | "indented-header"
  | "not-indented"
  | "several-words"
  | "continued"
  | "no-equals-sign"
  | "unfinished-quote"
  | "unnamed-conn"
  | "unknown-section"
  | "include"
  | "prose";

/** Something about the form of a line. */
export interface ReadNote {
  readonly kind: NoteKind;
  readonly line: number;
  readonly keyword: string;
}

export interface ConfDocument {
  readonly sections: readonly ConfSection[];
  readonly notes: readonly ReadNote[];
  /** Lines of ipsec.secrets that stand in the same text, as AWS's download has them. */
  readonly secretLines: readonly { readonly line: number; readonly text: string }[];
  /** Everything that is a comment or prose, to tell the cloud by. Holds no line with a key. */
  readonly remarks: readonly { readonly line: number; readonly text: string }[];
}

const MAX_LENGTH = 8 * 1024 * 1024;
const MAX_CONTINUED_LENGTH = 10_000;
const HEADER = /^(conn|config|ca|include|version)(\s+(.*))?$/i;
const SETTING = /^([A-Za-z][\w-]*)\s*=(.*)$/;
/** A key follows: the line belongs to ipsec.secrets. */
const SECRET = /:\s*(psk|xauth|rsa|ecdsa|ppks?)\b/i;
const ODD_SPACE = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]/;

interface OpenSection {
  readonly kind: SectionKind;
  readonly name: string;
  readonly line: number;
  readonly settings: Setting[];
}

/**
 * Reads an ipsec.conf, or a text that holds one between other lines. Tolerant: what Libreswan would refuse becomes a
 * note.
 * @throws ConfigError when the text holds no conn, or is longer than 8 MiB.
 */
export function readConf(text: string, file: string): ConfDocument {
  if (text.length > MAX_LENGTH) {
    throw new ConfigError(file, [
      { path: [], rule: "must be shorter than 8 MiB", fix: "give the ipsec.conf itself, not a log or an archive" },
    ]);
  }
  const reader = new ConfReader();
  text.split("\n").forEach((line, index) => {
    reader.take(line, index + 1);
  });
  if (!reader.sections.some(({ kind }) => kind === "conn")) {
    throw new ConfigError(file, [
      { path: [], rule: "must hold at least one conn section", fix: "give an ipsec.conf, or AWS's Openswan download" },
    ]);
  }
  return reader;
}

class ConfReader implements ConfDocument {
  readonly sections: OpenSection[] = [];
  readonly notes: ReadNote[] = [];
  readonly secretLines: { line: number; text: string }[] = [];
  readonly remarks: { line: number; text: string }[] = [];
  #section: OpenSection | undefined;
  #isInSecret = false;
  #hasCarriageReturn = false;

  take(rawLine: string, line: number): void {
    const content = this.#clean(rawLine, line);
    const isIndented = /^\s/.test(content);
    const trimmed = content.trim();
    if (trimmed === "") {
      this.#isInSecret = false;
    } else if (trimmed.startsWith("#")) {
      if (!SECRET.test(trimmed)) this.remarks.push({ line, text: trimmed });
    } else if (this.#isInSecret && isIndented) {
      this.secretLines.push({ line, text: ` ${trimmed}` });
    } else if (!this.#takeSetting(trimmed, isIndented, line) && !this.#takeHeader(trimmed, isIndented, line)) {
      this.#takeOther(trimmed, isIndented, line);
    }
  }

  #clean(rawLine: string, line: number): string {
    let content = rawLine;
    if (line === 1 && content.startsWith("\ufeff")) {
      content = content.slice(1);
      this.#note("byte-order-mark", line);
    }
    if (content.endsWith("\r")) {
      content = content.slice(0, -1);
      if (!this.#hasCarriageReturn) this.#note("carriage-return", line);
      this.#hasCarriageReturn = true;
    }
    const indentation = content.length - content.trimStart().length;
    if (ODD_SPACE.test(content.slice(0, indentation)) && content.trim() !== "") this.#note("odd-space", line);
    return content;
  }

  #takeHeader(trimmed: string, isIndented: boolean, line: number): boolean {
    const [, word = "", , rest = ""] = HEADER.exec(trimmed) ?? [];
    const kind = word.toLowerCase();
    const argument = firstWord(rest);
    if (kind === "" || (kind === "conn" && wordCount(rest) > 1) || (kind === "config" && argument !== "setup"))
      return false;
    // Prose starts with these words too: "include the following lines".
    if ((kind === "include" || kind === "version" || kind === "ca") && (isIndented || wordCount(rest) !== 1))
      return false;
    if (isIndented) this.#note("indented-header", line, kind);
    this.#isInSecret = false;
    if (kind === "version") return true;
    if (kind === "include") {
      this.#note("include", line, argument);
      return true;
    }
    this.#section = undefined;
    if (kind === "ca") this.#note("unknown-section", line, "ca");
    else if (kind === "conn" && argument === "") this.#note("unnamed-conn", line, "conn");
    else this.#open(kind === "conn" ? "conn" : "setup", kind === "conn" ? argument : "", line);
    return true;
  }

  #open(kind: SectionKind, name: string, line: number): void {
    this.#section = { kind, name, line, settings: [] };
    this.sections.push(this.#section);
  }

  #takeSetting(trimmed: string, isIndented: boolean, line: number): boolean {
    const [, name = "", rest = ""] = SETTING.exec(trimmed) ?? [];
    const keyword = name.toLowerCase();
    if (keyword === "" || !this.#section) return false;
    if (!isIndented) {
      if (!isKnownKeyword(keyword)) return false;
      this.#note("not-indented", line, keyword);
    }
    const bare = rest.trim();
    const isQuoted = bare.startsWith('"') || bare.startsWith("'");
    this.#section.settings.push({ keyword, value: this.#value(bare, keyword, line), isQuoted, line });
    return true;
  }

  #value(rest: string, keyword: string, line: number): string {
    const quote = rest.charAt(0);
    if (quote === '"' || quote === "'") {
      const end = rest.indexOf(quote, 1);
      if (end > 0) return rest.slice(1, end);
      this.#note("unfinished-quote", line, keyword);
      return rest.slice(1).trim();
    }
    const bare = withoutComment(rest);
    // A list in braces and a placeholder of AWS's download (`<LOCAL NETWORK>`) are one value.
    if (bare.startsWith("{") || /\s/.test(bare) === false) return bare;
    if (!/^<[^<>]*>$/.test(bare)) this.#note("several-words", line, keyword);
    return bare.split(/\s+/).join(" ");
  }

  #takeOther(trimmed: string, isIndented: boolean, line: number): void {
    if (SECRET.test(trimmed)) {
      this.#section = undefined;
      this.#isInSecret = true;
      this.secretLines.push({ line, text: trimmed });
    } else if (isIndented && this.#section) {
      this.#takeContinuation(trimmed, line);
    } else {
      this.#section = undefined;
      this.#note("prose", line);
      this.remarks.push({ line, text: trimmed });
    }
  }

  /** Libreswan has no continuation lines inside a conn, but people write them. */
  #takeContinuation(trimmed: string, line: number): void {
    const last = this.#section?.settings.at(-1);
    if (!last || last.value.length > MAX_CONTINUED_LENGTH || !",\\{".includes(last.value.at(-1) ?? " ")) {
      this.#note("no-equals-sign", line);
      return;
    }
    this.#note("continued", line, last.keyword);
    const start = last.value.endsWith("\\") ? last.value.slice(0, -1) : last.value;
    const value = `${start}${withoutComment(trimmed)}`;
    this.#section?.settings.splice(-1, 1, { ...last, value });
  }

  #note(kind: NoteKind, line: number, keyword = ""): void {
    this.notes.push({ kind, line, keyword });
  }
}

function withoutComment(text: string): string {
  if (text.startsWith("#")) return "";
  const start = text.search(/\s#/);
  return (start < 0 ? text : text.slice(0, start)).trim();
}

function firstWord(text: string): string {
  const [word = ""] = withoutComment(text).split(/\s/, 1);
  return word.replace(/^(["'])(.*)\1$/, "$2");
}

function wordCount(text: string): number {
  const bare = withoutComment(text);
  return bare === "" ? 0 : bare.split(/\s+/).length;
}
