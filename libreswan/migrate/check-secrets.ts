import type { PlannedConn } from "./plan-migration";
import type { SecretEntry, SecretFault, SecretsDocument } from "./read-secrets";
import type { SecretIndex } from "./secret-index";
import { type FindingDraft, showText } from "./to-finding";
import { onEvery, type Verdicts } from "./verdict";

const MANUAL = "https://libreswan.org/man/ipsec.secrets.5.html";

interface FaultText {
  readonly verdicts: Verdicts;
  readonly why: string;
  readonly fix: string;
}

const REFUSED = onEvery("refused-when-added");

const FAULTS: Readonly<Record<SecretFault, FaultText>> = {
  "no-colon": { verdicts: REFUSED, why: "no colon: not an entry", fix: 'write `own-id peer-id : PSK "…"`' },
  "no-space-after-colon": {
    verdicts: REFUSED,
    why: "no space after the colon: it belongs to the index then",
    fix: "put a space after it",
  },
  "no-kind": { verdicts: REFUSED, why: "no PSK after the colon", fix: 'write `own-id peer-id : PSK "…"`' },
  empty: { verdicts: onEvery("loads-but-wrong"), why: "the key is empty", fix: "copy the key from the cloud" },
  "not-quoted": {
    verdicts: REFUSED,
    why: "no quotes, and no 0x, 0s or 0t: `PSK data malformed`, and pluto logs the key",
    fix: 'put it between ", as the new file does; check its end',
  },
  "unfinished-quote": {
    // 3.32 alone takes the rest of the line.
    verdicts: { ...REFUSED, "3.32": "ok" },
    why: "the quote is never closed: `PSK data malformed`, and pluto logs the key",
    fix: "close it, as the new file does; check the key's end",
  },
  "quote-inside": {
    verdicts: REFUSED,
    why: "the key ends at the quote inside it, and nothing escapes a quote",
    fix: "put it between ' if it holds none, as the new file does; better a key of letters and digits",
  },
  "odd-quotes": {
    verdicts: REFUSED,
    why: "curly quotes, as a word processor makes them, or backticks: `PSK data malformed`",
    fix: 'use "',
  },
  "hash-unquoted": {
    verdicts: REFUSED,
    why: "a # in a key without quotes begins a comment",
    fix: 'put the key between "',
  },
  comma: {
    verdicts: REFUSED,
    why: "a comma between the ids: the id before it isn't one any more",
    fix: "put a space there",
  },
  indented: {
    verdicts: REFUSED,
    why: "an entry begins in column 1; an indented line belongs to the one before",
    fix: "remove the indentation",
  },
};

/** What is wrong with the secrets by themselves, and for the conns. Never says a key. */
export function checkSecrets(
  { entries, includes }: SecretsDocument,
  secrets: SecretIndex,
  plans: readonly PlannedConn[],
  file: string,
): FindingDraft[] {
  return [
    ...entries.flatMap((entry) => checkEntry(entry, file)),
    ...checkDuplicates(entries, file),
    ...plans.flatMap((plan) => checkMatch(plan, secrets, entries[0]?.line ?? 1, file)),
    ...includes.map(({ line }) => ({
      file,
      line,
      keyword: "include",
      text: "include",
      severity: "advice" as const,
      why: "migrate reads this file only",
      fix: "run it on the included files too",
      source: MANUAL,
    })),
  ];
}

function checkEntry(entry: SecretEntry, file: string): FindingDraft[] {
  const place = { file, line: entry.line, keyword: entry.kind ?? "secret", text: showEntry(entry), source: MANUAL };
  const faults = entry.faults.map((fault) => ({ ...place, ...FAULTS[fault] }));
  if (entry.kind === "RSA") {
    const fix = "import the key into NSS with ipsec import or pk12util";
    return [
      ...faults,
      { ...place, verdicts: onEvery("warning"), why: "private keys live in NSS since 4.0: the entry is ignored", fix },
    ];
  }
  if (entry.value !== undefined && /[^\x20-\x7e]/.test(entry.value)) {
    const why = "the key holds characters other than printable ASCII, which no cloud takes";
    return [...faults, { ...place, severity: "warning", why, fix: "use letters and digits" }];
  }
  return faults;
}

/** Indices only, and only those that are surely no key. */
function showEntry({ indices, kind, faults }: SecretEntry): string {
  if (!kind || faults.includes("no-colon") || faults.includes("no-space-after-colon")) return "";
  const isIndex = (index: string) =>
    /^([\d.]{7,15}|[\da-f:]{3,39}|%any6?|@?[\w-]+(\.[\w-]+)+|@[\w.-]{1,30})$/i.test(index);
  return showText(`${indices.map((index) => (isIndex(index) ? index : "…")).join(" ")} : ${kind} …`.trim());
}

function checkDuplicates(entries: readonly SecretEntry[], file: string): FindingDraft[] {
  const seen = new Map<string, SecretEntry>();
  return entries
    .filter(({ kind }) => kind === "PSK")
    .flatMap((entry) => {
      const key = [...entry.indices].sort().join(" ");
      const other = seen.get(key);
      if (!other) seen.set(key, entry);
      if (!other || other.value === entry.value) return [];
      const why = `line ${other.line} has another key for the same ids`;
      const place = { file, line: entry.line, keyword: "PSK", text: showEntry(entry), source: MANUAL };
      return [{ ...place, verdicts: onEvery("loads-but-wrong"), why, fix: "keep one; the new file has the first" }];
    });
}

function checkMatch(plan: PlannedConn, secrets: SecretIndex, firstLine: number, file: string): FindingDraft[] {
  const { facts, localId } = plan;
  if (!facts.usesKey) return [];
  const match = secrets.match(plan);
  if (match?.isFound) return [];
  const wanted = `${localId ?? "own address"} ${facts.remoteId} : PSK …`;
  if (match) {
    return [
      {
        file,
        line: match.entry.line,
        keyword: "PSK",
        text: showEntry(match.entry),
        verdicts: REFUSED,
        why: `conn ${showText(facts.name)} looks for another id: ${showText(localId ?? "")} is not among the indices`,
        fix: `write ${showText(wanted)}; the new file does`,
        source: MANUAL,
      },
    ];
  }
  const why = `conn ${showText(facts.name)} has no key here`;
  return [
    {
      file,
      line: firstLine,
      keyword: "PSK",
      text: "",
      verdicts: REFUSED,
      why,
      fix: `add ${showText(wanted)}`,
      source: MANUAL,
    },
  ];
}
