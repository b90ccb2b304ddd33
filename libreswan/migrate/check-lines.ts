import { closest } from "fastest-levenshtein";
import { checkProposals } from "./check-proposals";
import { keywordRule } from "./keyword-rules";
import { isKnownKeyword, isSideKeyword, KNOWN_KEYWORDS, keywordVerdicts, type SectionKind } from "./keyword-table";
import { isNumberForText, valueFault } from "./keyword-values";
import type { ConfDocument, Setting } from "./read-conf";
import { type FindingDraft, showText } from "./to-finding";
import { beforeAndSinceFive, mapVerdicts, onEvery, type Verdicts } from "./verdict";

const MANUAL = "https://libreswan.org/man/ipsec.conf.5.html";

/** What each line says by itself, whatever stands around it. */
export function checkLines(document: ConfDocument, file: string): FindingDraft[] {
  const context = { nearest: nearestKeywords(document), isIkev1Accepted: isIkev1Accepted(document) };
  return document.sections.flatMap(({ kind, settings }) =>
    settings.flatMap((setting) => checkSetting(setting, kind, context).map((fault) => ({ ...fault, file }))),
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

interface LineContext {
  /** By unknown keyword. */
  readonly nearest: ReadonlyMap<string, string>;
  readonly isIkev1Accepted: boolean;
}

function isIkev1Accepted({ sections }: ConfDocument): boolean {
  return sections
    .filter(({ kind }) => kind === "setup")
    .some(({ settings }) =>
      settings.some(({ keyword, value }) => keyword === "ikev1-policy" && value.toLowerCase() === "accept"),
    );
}

function checkSetting(setting: Setting, section: SectionKind, context: LineContext): LineFault[] {
  const { keyword, value, line } = setting;
  const place = { line, keyword, text: showText(`${keyword}=${value}`) };
  const verdicts = keywordVerdicts(keyword, section);
  const rule = keywordRule(keyword, value, section);
  if (rule) {
    const known = valueFault(keyword, value)?.verdicts;
    const isAccepted = context.isIkev1Accepted && (keyword === "ikev2" || keyword === "keyexchange");
    const ofRule =
      isAccepted && rule.verdicts
        ? mapVerdicts(rule.verdicts, (verdict) => (verdict === "refused-when-added" ? "ok" : verdict))
        : rule.verdicts;
    return [{ ...place, verdicts: ofRule ?? worst(verdicts, known), ...pick(rule) }, ...proposalFaults(setting, place)];
  }
  // The value of a keyword that nobody knows may be a key.
  if (!isKnownKeyword(keyword)) {
    return [unknownKeyword({ ...place, text: `${showText(keyword)}=…` }, verdicts, context.nearest.get(keyword))];
  }
  if (Object.values(verdicts).some((verdict) => verdict !== "ok")) return [misplaced(place, verdicts, section)];
  if (!setting.isQuoted && isNumberForText(keyword, value)) return [unquotedNumber(place)];
  if (isSideKeyword(keyword)) return [withoutSide(place)];
  const fault = valueFault(keyword, value);
  return [...(fault ? [{ ...place, ...fault, source: MANUAL }] : []), ...proposalFaults(setting, place)];
}

function pick({ why, fix, source }: { why: string; fix: string; source: string }) {
  return { why, fix, source };
}

function worst(a: Verdicts, b: Verdicts | undefined): Verdicts {
  return b ? mapVerdicts(a, (verdict, version) => (verdict === "ok" ? b[version] : verdict)) : a;
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

function unquotedNumber(place: Omit<LineFault, "why" | "fix">): LineFault {
  const why = `up to 4.14 a number without quotes is no text, and the connection isn't there`;
  const verdicts = beforeAndSinceFive("refused-when-added", "ok");
  return { ...place, verdicts, why, fix: "put it in quotes", source: MANUAL };
}

/** Every version takes it, for an end that nobody named. */
function withoutSide(place: Omit<LineFault, "why" | "fix">): LineFault {
  const { keyword } = place;
  const why = "belongs to one end, and doesn't say which";
  return {
    ...place,
    verdicts: onEvery("loads-but-wrong"),
    why,
    fix: `write left${keyword}= or right${keyword}=`,
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
