import type { NoteKind, ReadNote } from "./read-conf";
import type { ResolveNote, ResolveNoteKind } from "./resolve-conns";
import { type FindingDraft, showText } from "./to-finding";
import { ALL_OK, beforeAndSinceFive, byVersion, onEvery, type Verdicts } from "./verdict";

const MANUAL = "https://libreswan.org/man/ipsec.conf.5.html";

interface NoteText {
  readonly verdicts: Verdicts;
  readonly why: string;
  readonly fix: string;
}

const STOPS_FILE = onEvery("fails-to-load");

const FORM: Readonly<Record<Exclude<NoteKind, "prose" | "include">, NoteText>> = {
  "byte-order-mark": {
    verdicts: STOPS_FILE,
    why: "the file begins with a byte order mark",
    fix: "save it as UTF-8 without one",
  },
  "carriage-return": {
    verdicts: onEvery("refused-when-added"),
    why: "lines end in CR LF: the CR becomes part of each value",
    fix: "save the file with Unix line ends",
  },
  "odd-space": {
    verdicts: STOPS_FILE,
    why: "the indentation holds a space that is none to Libreswan",
    fix: "indent with plain spaces",
  },
  "indented-header": { verdicts: STOPS_FILE, why: "a section's first line is indented", fix: "begin it in column 1" },
  "not-indented": { verdicts: STOPS_FILE, why: "a keyword inside a section begins in column 1", fix: "indent it" },
  "several-words": {
    verdicts: STOPS_FILE,
    why: "a value of several words without quotes",
    fix: 'write it in one word or in "…"',
  },
  continued: {
    verdicts: STOPS_FILE,
    why: "a value goes on in the next line, which Libreswan doesn't know",
    fix: "write it in one line",
  },
  "no-equals-sign": {
    verdicts: STOPS_FILE,
    why: "neither keyword=value, nor a section, nor a comment",
    fix: "remove the line",
  },
  "unfinished-quote": {
    verdicts: onEvery("loads-but-wrong"),
    why: "the quote is never closed: it becomes part of the value",
    fix: "close it",
  },
  "unnamed-conn": { verdicts: STOPS_FILE, why: "a conn without a name", fix: "name it" },
  "unknown-section": {
    verdicts: STOPS_FILE,
    why: "Libreswan has no ca sections; certificates live in NSS",
    fix: "remove the section",
  },
};

const RESOLVED: Readonly<Record<ResolveNoteKind, NoteText>> = {
  "duplicate-keyword": {
    verdicts: beforeAndSinceFive("refused-when-added", "warning"),
    why: "the keyword stands twice: up to 4.14 the connection isn't there at all, 5.2 ignores the second",
    fix: "keep one; the new text has the first",
  },
  "duplicate-conn": {
    verdicts: onEvery("loads-but-wrong"),
    why: "a second conn of the same name: nothing is said, and one of the two is lost",
    fix: "give each a name of its own; the new text has the first",
  },
  "also-missing": {
    verdicts: onEvery("refused-when-added"),
    why: "also= names a conn that isn't in this file",
    fix: "give that conn's file too, or remove the line",
  },
  "also-loop": { verdicts: ALL_OK, why: "also= leads back to itself", fix: "remove the line" },
  "also-duplicate": {
    verdicts: onEvery("refused-when-added"),
    why: "also= brings a keyword that the conn has itself (`duplicate key`), and the connection isn't there",
    fix: "take it out of one of the two; the new text has the conn's own, and no also=",
  },
  template: {
    verdicts: byVersion((version) => (version === "3.32" ? "loads-but-wrong" : "refused-when-added")),
    why: "the conn lacks left= or right= (`right= is not set`), and no other uses it",
    fix: "complete it; the new text doesn't have it",
  },
};

/** What is wrong with the form of the file. */
export function checkForm(notes: readonly (ReadNote | ResolveNote)[], file: string): FindingDraft[] {
  return notes.flatMap(({ kind, line, keyword }): FindingDraft[] => {
    if (kind === "prose") return [];
    const place = { file, line, text: showText(kind === "include" ? `include ${keyword}` : keyword) };
    if (kind === "include") {
      const why = "migrate reads this file only";
      return [
        {
          ...place,
          keyword: "include",
          severity: "advice",
          why,
          fix: "run it on the included files too",
          source: MANUAL,
        },
      ];
    }
    const text = kind in FORM ? FORM[kind as keyof typeof FORM] : RESOLVED[kind as ResolveNoteKind];
    return [{ ...place, keyword: keyword || "line", ...text, source: MANUAL }];
  });
}

const MANY_LINES = 3;

/** Lines of prose: a download with instructions, or single lines that stop Libreswan. */
export function checkProse(notes: readonly ReadNote[], file: string): FindingDraft[] {
  const prose = notes.filter(({ kind }) => kind === "prose");
  const [first] = prose;
  if (first && prose.length >= MANY_LINES) {
    const why = `${prose.length} lines are instructions for people, and no Libreswan loads a file with them`;
    const fix = "use the new text, which holds the configuration only";
    return [{ file, line: first.line, keyword: "text", text: "", severity: "advice", why, fix }];
  }
  return prose.map(({ line }) => ({
    file,
    line,
    keyword: "line",
    text: "",
    verdicts: STOPS_FILE,
    why: "neither keyword=value, nor a section, nor a comment",
    fix: "remove the line, or put a # before it",
    source: MANUAL,
  }));
}
