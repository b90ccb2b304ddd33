import type { AddressRange } from "./cidr";
import { type IpAddress, parseIpAddress, toIpAddress, toNumber } from "./ip-address";
import { ValueError } from "./value-error";

const MOST_ADDRESSES = 4_096;

/**
 * `172.23.1.2` or `172.23.1.2-172.23.1.6`.
 * @throws ValueError
 */
export function parseAddressRange(text: string): AddressRange {
  const [from = "", to = from, ...more] = text.split("-", 3);
  if (more.length > 0) {
    throw new ValueError("must be an address or a range of addresses", "use for example 172.23.1.2-172.23.1.6");
  }
  const [first, last] = [toNumber(parseIpAddress(from.trim())), toNumber(parseIpAddress(to.trim()))];
  if (first > last) throw new ValueError("must be a range from the lower to the higher address", "swap the two");
  if (last - first >= MOST_ADDRESSES) {
    throw new ValueError(`must have at most ${MOST_ADDRESSES} addresses`, "use a smaller range");
  }
  return { first, last };
}

/**
 * A range, written out.
 * @throws ValueError
 */
export function parseAddressPool(text: string): IpAddress[] {
  const { first, last } = parseAddressRange(text);
  return Array.from({ length: last - first + 1 }, (_, at) => toIpAddress(first + at));
}
