import { type Cidr, toRange } from "../values/cidr";

export interface PrefixUse {
  readonly path: readonly (string | number)[];
  readonly cidr: Cidr;
  /** Uses of one owner may lie inside one another. */
  readonly owner: string;
  readonly kind: string;
}

export interface Overlap<U> {
  /** Equal to `outer` or a part of it; of two equal ones the later. */
  readonly inner: U;
  readonly outer: U;
}

interface Level<U> {
  readonly last: number;
  readonly uses: U[];
}

/** Of one kind at one level two owners' uses are enough to find an owner that is not the asking one. */
const MOST_OF_A_KIND = 2;

/**
 * Every use that overlaps another owner's, with the innermost such one around it. Prefixes are disjoint or nested, so that
 * one pass over the sorted list with the chain of open prefixes (at most 33) finds them in n log n time.
 */
export function findOverlaps<U extends PrefixUse>(
  uses: readonly U[],
  mayOverlap: (inner: U, outer: U) => boolean,
): Overlap<U>[] {
  const open: Level<U>[] = [];
  return sorted(uses).flatMap(({ use, first, last }) => {
    while (open.length > 0 && (open.at(-1) as Level<U>).last < first) open.pop();
    const outer = open
      .flatMap((level) => level.uses)
      .findLast((other) => other.owner !== use.owner && !mayOverlap(use, other));
    remember(open, use, last);
    return outer ? [{ inner: use, outer }] : [];
  });
}

function sorted<U extends PrefixUse>(uses: readonly U[]): { use: U; first: number; last: number }[] {
  return uses.map((use) => ({ use, ...toRange(use.cidr) })).sort((a, b) => a.first - b.first || b.last - a.last);
}

function remember<U extends PrefixUse>(open: Level<U>[], use: U, last: number): void {
  const top = open.at(-1);
  if (top === undefined || top.last !== last || top.uses[0]?.cidr !== use.cidr) {
    open.push({ last, uses: [use] });
    return;
  }
  const alike = top.uses.filter(({ kind }) => kind === use.kind);
  if (alike.length < MOST_OF_A_KIND && !alike.some(({ owner }) => owner === use.owner)) top.uses.push(use);
}
