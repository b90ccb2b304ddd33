import { closest } from "fastest-levenshtein";
import { checkProposals } from "./check-proposals";
import { keywordRule } from "./keyword-rules";
import { isKnownKeyword, KNOWN_KEYWORDS, keywordVerdicts, type SectionKind } from "./keyword-table";
import { valueFault } from "./keyword-values";
import type { ConfDocument, NoteKind, ReadNote, Setting } from "./read-conf";
import type { ResolveNote, ResolveNoteKind } from "./resolve-conns";
import { type FindingDraft, showText } from "./to-finding";
import { ALL_OK, beforeAndSinceFive, byVersion, onEvery, type Verdicts } from "./verdict";

const MANUAL = "https://libreswan.org/man/ipsec.conf.5.html";

/** What each line says by itself, whatever stands around it. */
export function checkLines(document: ConfDocument, file: string): FindingDraft[] {
  const nearest = nearestKeywords(document);
  return document.sections.flatMap(({ kind, settings }) =>
    settings.flatMap((setting) => checkSetting(setting, kind, nearest).map((fault) => ({ ...fault, file }))),
  );
}

/** Comparing is slow: a file with more unknown keywords than this isn't one of Libreswan with typing errors. */
const MAX_SUGGESTIONS = 50;
const MAX_SUGGESTED_LENGTH = 40;

function nearestKeywords({ sections }: ConfDocument): ReadonlyMap<string, string> {
  const unknown = new Set<string>();
  for (const { keyword } of sections.flatMap(({ settings }) => settings)) {
    if (unknown.size >= MAX_SUGGESTIONS) break;
    if (!isKnownKeyword(keyword) && keyword.length <= MAX_SUGGESTED_LENGTH) unknown.add(keyword);
  }
  return new Map([...unknown].map((keyword) => [keyword, closest(keyword, [...KNOWN_KEYWORDS])]));
}

type LineFault = Omit<FindingDraft, "file">;

function checkSetting(setting: Setting, section: SectionKind, nearest: ReadonlyMap<string, string>): LineFault[] {
  const { keyword, value, line } = setting;
  const place = { line, keyword, text: showText(`${keyword}=${value}`) };
  const verdicts = keywordVerdicts(keyword, section);
  const rule = keywordRule(keyword, value, section);
  if (rule) {
    const known = valueFault(keyword, value)?.verdicts;
    return [
      { ...place, verdicts: rule.verdicts ?? worst(verdicts, known), ...pick(rule) },
      ...proposalFaults(setting, place),
    ];
  }
  // The value of a keyword that nobody knows may be a key.
  if (!isKnownKeyword(keyword)) {
    return [unknownKeyword({ ...place, text: `${showText(keyword)}=…` }, verdicts, nearest.get(keyword))];
  }
  if (Object.values(verdicts).some((verdict) => verdict !== "ok")) return [misplaced(place, verdicts, section)];
  const fault = valueFault(keyword, value);
  return [...(fault ? [{ ...place, ...fault, source: MANUAL }] : []), ...proposalFaults(setting, place)];
}

function pick({ why, fix, source }: { why: string; fix: string; source: string }) {
  return { why, fix, source };
}

function worst(a: Verdicts, b: Verdicts | undefined): Verdicts {
  if (!b) return a;
  return {
    "3.32": a["3.32"] === "ok" ? b["3.32"] : a["3.32"],
    "4.10": a["4.10"] === "ok" ? b["4.10"] : a["4.10"],
    "4.14": a["4.14"] === "ok" ? b["4.14"] : a["4.14"],
    "5.2": a["5.2"] === "ok" ? b["5.2"] : a["5.2"],
  };
}

function unknownKeyword(
  place: Omit<LineFault, "why" | "fix">,
  verdicts: Verdicts,
  nearest: string | undefined,
): LineFault {
  const isComment = /^x[-_]/.test(place.keyword);
  return {
    ...place,
    verdicts,
    why: isComment
      ? "a comment in the form of a keyword; 5.2 warns of it"
      : "no Libreswan knows this keyword: the whole file is refused",
    fix: isComment
      ? "write it after a #"
      : `remove the line${nearest === undefined ? "" : `, or write ${nearest}= if that was meant`}`,
    source: MANUAL,
  };
}

function misplaced(place: Omit<LineFault, "why" | "fix">, verdicts: Verdicts, section: SectionKind): LineFault {
  const elsewhere = keywordVerdicts(place.keyword, section === "conn" ? "setup" : "conn");
  const isElsewhere = Object.values(elsewhere).some((verdict) => verdict === "ok");
  if (isElsewhere && !Object.values(verdicts).includes("ok")) {
    return {
      ...place,
      verdicts,
      why: section === "conn" ? "belongs into config setup" : "belongs into a conn",
      fix: section === "conn" ? "move the line to config setup" : "move the line into the conn",
      source: MANUAL,
    };
  }
  const known = Object.entries(verdicts).flatMap(([version, verdict]) => (verdict === "ok" ? [version] : []));
  return {
    ...place,
    verdicts,
    why: known.length > 0 ? `only ${known.join(", ")} knows this keyword` : "this keyword does nothing any more",
    fix: "remove the line",
    source: MANUAL,
  };
}

function proposalFaults({ keyword, value }: Setting, place: Omit<LineFault, "why" | "fix">): LineFault[] {
  const phase = keyword === "ike" ? "ike" : "esp";
  if (!["ike", "esp", "phase2alg"].includes(keyword)) return [];
  return checkProposals(phase, value.replace(/\s+/g, "")).map((fault) => ({ ...place, ...fault }));
}

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
