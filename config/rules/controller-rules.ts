import type { Problem } from "../problems";
import { type Cidr, doesCidrContainAddress, parseCidr } from "../values/cidr";
import type { Draft } from "./draft";

/** Addresses that no cloud can see. @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const NOT_PUBLIC: readonly Cidr[] = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
  "0.0.0.0/8",
].map(parseCidr);

export function controllerAddressesFit(draft: Draft): Problem[] {
  const seen = new Map<string, string>();
  return [...draft.controllers].flatMap(([key, { publicIp, privateIp, behindNat }]) => {
    const path = ["controllers", key];
    const first = seen.get(publicIp);
    seen.set(publicIp, first ?? key);
    const problems: Problem[] = [];
    if (NOT_PUBLIC.some((prefix) => doesCidrContainAddress(prefix, publicIp))) {
      problems.push({
        path: [...path, "publicIp"],
        rule: "must be a public address",
        got: publicIp as string,
        fix: "use the address that the clouds see",
      });
    }
    if (first !== undefined) {
      problems.push({
        path: [...path, "publicIp"],
        rule: `must differ from controllers.${first}.publicIp: a cloud tells its peers apart by it`,
        got: publicIp as string,
        fix: "give each controller an address of its own",
      });
    }
    if (behindNat === false && publicIp !== privateIp) {
      problems.push({
        path: [...path, "behindNat"],
        rule: "must be true where publicIp and privateIp differ",
        got: false,
        fix: "remove it, or correct the addresses",
      });
    }
    return problems;
  });
}
