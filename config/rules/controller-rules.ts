import type { Problem } from "../problems";
import { type Cidr, doesCidrContainAddress, parseCidr } from "../values/cidr";
import type { Draft } from "./draft";

/** Addresses that no host has. @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const NOT_A_HOST: readonly Cidr[] = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(parseCidr);

/** Addresses that no cloud can see. The documentation prefixes are let through: the examples use them. */
const NOT_PUBLIC: readonly Cidr[] = [
  ...NOT_A_HOST,
  ...["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15"].map(parseCidr),
];

/** Folders beside the controllers' in the generator's output. */
const RESERVED_KEYS: readonly string[] = ["catalog"];

export function controllersFit(draft: Draft): Problem[] {
  const seen = new Map<string, string>();
  return [...draft.controllers].flatMap(([key, { publicIp, privateIp, behindNat, subnets }]) => {
    const path = ["controllers", key];
    const first = seen.get(publicIp);
    seen.set(publicIp, first ?? key);
    const problems: Problem[] = [];
    if (RESERVED_KEYS.includes(key)) {
      problems.push({
        path,
        rule: "must not be a name that the output keeps for itself",
        got: key,
        fix: "use another name",
      });
    }
    if (NOT_PUBLIC.some((prefix) => doesCidrContainAddress(prefix, publicIp))) {
      const fix = "use the address that the clouds see";
      problems.push({ path: [...path, "publicIp"], rule: "must be a public address", got: publicIp as string, fix });
    }
    if (NOT_A_HOST.some((prefix) => doesCidrContainAddress(prefix, privateIp))) {
      const fix = "use the address of the interface that leads to the Internet";
      problems.push({
        path: [...path, "privateIp"],
        rule: "must be an address that a host can have",
        got: privateIp as string,
        fix,
      });
    }
    if (first !== undefined) {
      const rule = `must differ from controllers.${first}.publicIp: a cloud tells its peers apart by it`;
      const fix = "give each controller an address of its own";
      problems.push({ path: [...path, "publicIp"], rule, got: publicIp as string, fix });
    }
    if (behindNat === false && publicIp !== privateIp) {
      const rule = "must be true where publicIp and privateIp differ";
      problems.push({ path: [...path, "behindNat"], rule, got: false, fix: "remove it, or correct the addresses" });
    }
    return [...problems, ...repeated([...path, "subnets"], subnets)];
  });
}

function repeated(path: readonly string[], subnets: readonly Cidr[]): Problem[] {
  const seen = new Set<Cidr>();
  return subnets.flatMap((cidr, at) => {
    if (seen.has(cidr)) return [{ path: [...path, at], rule: "must not be there twice", got: cidr, fix: "remove one" }];
    seen.add(cidr);
    return [];
  });
}
