import type { Problem } from "../config/problems";
import { type AddressRange, parseCidr, toRange } from "../config/values/cidr";
import { CATALOG_PROVIDERS } from "./catalog-keys";
import { brokenForm } from "./key-form";
import type { CatalogEntry } from "./lint-entry";

const MASK = "private_network_ipmask";

/** What is wrong between networks: prefixes that overlap, over all providers, and one subnet that is described in two ways. */
export function lintNeighbours(entries: readonly CatalogEntry[]): Problem[] {
  const { distinct, problems } = mergeSubnets(entries);
  return [...problems, ...overlaps(distinct), ...spotProblems(entries)];
}

/** Entries that name the same subnet (`aws` and `aws_spot`, or two security groups of one) don't overlap with each other. */
function mergeSubnets(entries: readonly CatalogEntry[]): { distinct: CatalogEntry[]; problems: Problem[] } {
  const first = new Map<string, CatalogEntry>();
  const distinct: CatalogEntry[] = [];
  const problems: Problem[] = [];
  for (const entry of entries) {
    const id = subnetOf(entry);
    const known = id === undefined ? undefined : first.get(id);
    if (!known) distinct.push(entry);
    else if (
      known.values[MASK] !== undefined &&
      entry.values[MASK] !== undefined &&
      known.values[MASK] !== entry.values[MASK]
    ) {
      problems.push({
        path: [entry.provider, entry.name, MASK],
        rule: `must be as in ${nameOf(known)}, which is the same subnet`,
        got: entry.values[MASK],
        fix: `write ${String(known.values[MASK])}, or correct the subnet`,
      });
    }
    if (id !== undefined && !known) first.set(id, entry);
  }
  return { distinct, problems };
}

function subnetOf({ provider, name, values }: CatalogEntry): string | undefined {
  const keys = Object.hasOwn(CATALOG_PROVIDERS, provider) ? (CATALOG_PROVIDERS[provider]?.subnet ?? []) : [];
  const ids = keys.map((key) => values[key]);
  if (keys.length > 0 && ids.every((id) => typeof id === "string")) return JSON.stringify([keys[0], ...ids]);
  // Two of the same name are meant to be the same, even while the key that says so is misspelt.
  return provider === "aws" || provider === "aws_spot" ? JSON.stringify(["aws", name]) : undefined;
}

interface Placed extends AddressRange {
  readonly entry: CatalogEntry;
  readonly place: number;
}

/** Each network against the one that reaches furthest of those that begin before it: one sweep finds every network that overlaps. */
function overlaps(entries: readonly CatalogEntry[]): Problem[] {
  const placed = entries
    .flatMap((entry, place): Placed[] =>
      brokenForm({ kind: "prefix" }, entry.values[MASK])
        ? []
        : [{ ...toRange(parseCidr(entry.values[MASK] as string)), entry, place }],
    )
    .sort((a, b) => a.first - b.first || b.last - a.last || a.place - b.place);
  const problems: Problem[] = [];
  let furthest: Placed | undefined;
  for (const next of placed) {
    if (furthest && next.first <= furthest.last) problems.push(overlap(furthest, next));
    if (!furthest || next.last > furthest.last) furthest = next;
  }
  return problems;
}

function overlap(a: Placed, b: Placed): Problem {
  const [earlier, later] = a.place < b.place ? [a.entry, b.entry] : [b.entry, a.entry];
  return {
    path: [later.provider, later.name, MASK],
    rule: `must not overlap with ${nameOf(earlier)}, ${String(earlier.values[MASK])}`,
    got: later.values[MASK],
    fix: "the controller can route a prefix to one place only; correct one of the two",
  };
}

/** NII: where both are used, both have the same content. */
function spotProblems(entries: readonly CatalogEntry[]): Problem[] {
  const onDemand = new Map(entries.filter(({ provider }) => provider === "aws").map((entry) => [entry.name, entry]));
  return entries
    .filter(({ provider }) => provider === "aws_spot")
    .flatMap(({ name, values }) => {
      const other = onDemand.get(name);
      if (!other) return [];
      const keys = [...new Set([...Object.keys(values), ...Object.keys(other.values)])];
      return keys
        .filter((key) => JSON.stringify(values[key]) !== JSON.stringify(other.values[key]))
        .map(
          (key): Problem => ({
            path: ["aws_spot", name, key],
            rule: `must be as in aws.${name}`,
            ...(typeof values[key] === "string" ? { got: values[key] } : {}),
            fix: "give aws and aws_spot the same content",
          }),
        );
    });
}

function nameOf({ provider, name }: CatalogEntry): string {
  return `${provider}.${name}`;
}
