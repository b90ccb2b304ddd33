import { ValueError } from "./value-error";

/** First and last port. */
export type PortRange = readonly [first: number, last: number];

const PORT_RANGE_PATTERN = /^(\d{1,5})(?:-(\d{1,5}))?$/;

/**
 * `22` or `7946-7947`.
 * @throws ValueError
 */
export function parsePortRange(text: string): PortRange {
  const [, from, to = from] = PORT_RANGE_PATTERN.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (from === undefined || first < 1 || last > 65_535 || first > last) {
    throw new ValueError("must be a port from 1 to 65535, or a range of ports", 'use for example "22" or "8000-8100"');
  }
  return [first, last];
}
