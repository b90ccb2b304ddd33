import ipaddr from "ipaddr.js";
import type { NotifierSettings } from "./env";
import { DestinationRefused } from "./errors";

export type DestinationRules = Pick<NotifierSettings, "hosts" | "ports" | "enableHttp" | "privateHosts">;

/**
 * Whether a call may be tried at this URL, first or redirected; the address behind its name is looked at when it connects.
 * @throws DestinationRefused
 */
export function checkUrl(url: URL, rules: DestinationRules): void {
  if (url.protocol !== "https:" && !(url.protocol === "http:" && rules.enableHttp)) {
    throw new DestinationRefused(rules.enableHttp ? "only http and https" : "only https");
  }
  if (url.username !== "" || url.password !== "") throw new DestinationRefused("credentials in the URL");
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  if (!rules.ports.includes(port)) throw new DestinationRefused(`port ${port} is not allowed`);
  if (!isHostAllowed(url.hostname, rules)) throw new DestinationRefused("the host is not allowed");
}

function isHostAllowed(hostname: string, { hosts, privateHosts }: DestinationRules): boolean {
  if (hosts === undefined || Object.hasOwn(privateHosts, bare(hostname))) return true;
  // A name's final dot says only that it is complete.
  const name = hostname.replace(/\.$/, "");
  return hosts.some((host) => (host.startsWith("*.") ? name.endsWith(host.slice(1)) : name === host));
}

/**
 * Whether a connection for this name may go to this address: any unicast address of the Internet, and beside that only the
 * prefixes that the name was given. Loopback is Lambda's own API, link-local the credentials' and the instance's.
 * @returns what the address is, if it is refused
 */
export function refusedRange(address: string, hostname: string, rules: DestinationRules): string | undefined {
  if (!ipaddr.isValid(address)) return "no address";
  const parsed = ipaddr.process(address);
  const prefixes = Object.hasOwn(rules.privateHosts, bare(hostname)) ? (rules.privateHosts[bare(hostname)] ?? []) : [];
  for (const prefix of prefixes) {
    const [network, length] = ipaddr.parseCIDR(prefix);
    if (network.kind() === parsed.kind() && parsed.match(network as never, length)) return undefined;
  }
  const range = isIpv4Compatible(parsed) ? "reserved" : parsed.range();
  if (range !== "unicast") return range;
  return AZURE_WIRE_SERVER === parsed.toString() ? "metadata" : undefined;
}

/** A public address that answers as metadata in another cloud. @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 */
const AZURE_WIRE_SERVER = "168.63.129.16";

/** ::a.b.c.d, deprecated, which some stacks still take to the IPv4 address. @see https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.1 */
function isIpv4Compatible(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return (
    address.kind() === "ipv6" &&
    (address as ipaddr.IPv6).parts.slice(0, 6).every((part) => part === 0) &&
    address.range() === "unicast"
  );
}

/** WHATWG's URL writes IPv6 addresses in brackets. */
export function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}
