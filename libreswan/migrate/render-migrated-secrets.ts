import type { PlannedConn } from "./plan-migration";
import type { SecretEntry, SecretsDocument } from "./read-secrets";
import type { SecretIndex } from "./secret-index";

/** One entry of the new file. */
interface NewEntry {
  readonly indices: readonly string[];
  /** With its quotes. */
  readonly secret: string;
}

/**
 * The complete ipsec.secrets: for each conn its key under its own two ids, then the entries that no conn uses, as they
 * were. A key that no quotes can hold is left out; its line is among the findings.
 * @see https://libreswan.org/man/ipsec.secrets.5.html
 */
export function renderMigratedSecrets(
  { entries, includes }: SecretsDocument,
  secrets: SecretIndex,
  plans: readonly PlannedConn[],
): string {
  const used = new Set<SecretEntry>();
  const fromConns = plans.flatMap((plan) => {
    const match = plan.facts.usesKey ? secrets.match(plan) : undefined;
    const secret = match && quoteKey(match.entry);
    if (!match || secret === undefined) return [];
    used.add(match.entry);
    const indices = [plan.localId ?? otherIndex(match.entry, plan) ?? "%any", plan.facts.remoteId].filter(isSafeIndex);
    return indices.length === 2 ? [{ indices, secret }] : [];
  });
  const rest = entries.filter((entry) => !used.has(entry));
  const keys = rest.flatMap((entry): NewEntry[] => {
    const secret = entry.kind === "PSK" ? quoteKey(entry) : undefined;
    return secret === undefined ? [] : [{ indices: entry.indices.filter(isSafeIndex), secret }];
  });
  const lines = [...unique([...fromConns, ...keys]), ...rest.flatMap(otherKinds), ...includes.map(({ raw }) => raw)];
  return `# Written by kakehashi migrate. Mode 0600, owned by root.\n${lines.join("\n")}\n`;
}

/** The first of several with the same ids. */
function unique(entries: readonly NewEntry[]): string[] {
  const seen = new Map<string, string>();
  for (const { indices, secret } of entries) {
    const key = [...indices].sort().join(" ");
    if (!seen.has(key)) seen.set(key, `${[...indices, ":"].join(" ")} PSK ${secret}`);
  }
  return [...seen.values()];
}

function otherIndex({ indices }: SecretEntry, { facts }: PlannedConn): string | undefined {
  return indices.find((index) => index !== facts.remoteId && index !== facts.peer);
}

function isSafeIndex(index: string): boolean {
  return /^[^\s:"'`#\p{C}][^\s"'`#\p{C}]{0,255}$/u.test(index);
}

/** Nothing escapes a quote: a key with both kinds of quotes can't be written. */
function quoteKey({ value, isEncoded }: SecretEntry): string | undefined {
  if (value === undefined || /\p{Cc}/u.test(value)) return undefined;
  if (isEncoded) return value;
  const quote = ['"', "'"].find((quote) => !value.includes(quote));
  return quote && `${quote}${value}${quote}`;
}

/** XAUTH and PPKS stay as they are; RSA keys live in NSS since 4.0. */
function otherKinds({ kind, raw, faults }: SecretEntry): readonly string[] {
  return kind && kind !== "PSK" && kind !== "RSA" && faults.length === 0 ? raw : [];
}
