import { type IpAddress, parseIpAddress, toIpAddress, toNumber } from "./ip-address";
import { ValueError } from "./value-error";

const MOST_ADDRESSES = 4_096;

/**
 * `172.23.1.2` or `172.23.1.2-172.23.1.6`, written out.
 * @throws ValueError
 */
export function parseAddressPool(text: string): IpAddress[] {
  const [first = "", last = first, ...more] = text.split("-");
  if (more.length > 0)
    throw new ValueError("must be an address or a range of addresses", "use for example 172.23.1.2-172.23.1.6");
  const [from, to] = [toNumber(parseIpAddress(first.trim())), toNumber(parseIpAddress(last.trim()))];
  if (from > to) throw new ValueError("must be a range from the lower to the higher address", "swap the two");
  if (to - from >= MOST_ADDRESSES)
    throw new ValueError(`must have at most ${MOST_ADDRESSES} addresses`, "use a smaller range");
  return Array.from({ length: to - from + 1 }, (_, at) => toIpAddress(from + at));
}
