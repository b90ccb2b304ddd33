import type { Problem } from "../problems";
import { parseAddressRange } from "../values/address-pool";
import { type AddressRange, type Cidr, toRange } from "../values/cidr";
import { toNumber } from "../values/ip-address";
import { ValueError } from "../values/value-error";
import type { Draft } from "./draft";

/** A Sakura switch's gateway and pool are hosts of its prefix, and no address is given out twice. */
export function sakuraPoolsFit(draft: Draft): Problem[] {
  return [...draft.sakura].flatMap(([key, network]) =>
    Object.entries(network.subnets).flatMap(([name, { cidr, gatewayIp, addressPool }]) => {
      const path = ["networks", "sakura", key, "subnets", name];
      const gateway = toNumber(gatewayIp);
      const gatewayProblems = isHost(cidr, { first: gateway, last: gateway })
        ? []
        : [
            {
              path: [...path, "gatewayIp"],
              rule: `must be a host's address in ${cidr}`,
              got: gatewayIp as string,
              fix: "use the router's address on the switch",
            },
          ];
      const earlier: AddressRange[] = [];
      const poolProblems = addressPool.flatMap((text, at) =>
        rangeProblems([...path, "addressPool", at], text, cidr, gateway, earlier),
      );
      return [...gatewayProblems, ...poolProblems];
    }),
  );
}

/** Adds the range to `earlier`. */
function rangeProblems(
  path: (string | number)[],
  text: string,
  cidr: Cidr,
  gateway: number,
  earlier: AddressRange[],
): Problem[] {
  try {
    const range = parseAddressRange(text);
    const rule = brokenRule(range, cidr, gateway, earlier);
    earlier.push(range);
    return rule ? [{ path, rule, got: text, fix: "use free addresses of the switch" }] : [];
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return [{ path, rule: error.rule, got: text, fix: error.fix }];
  }
}

function brokenRule(
  range: AddressRange,
  cidr: Cidr,
  gateway: number,
  earlier: readonly AddressRange[],
): string | undefined {
  if (!isHost(cidr, range)) return `must be hosts' addresses in ${cidr}`;
  if (range.first <= gateway && gateway <= range.last) return "must not hold the gateway's address";
  if (earlier.some((other) => range.first <= other.last && other.first <= range.last))
    return "must not hold an address twice";
  return undefined;
}

/** Neither the prefix's own address nor its broadcast address. */
function isHost(cidr: Cidr, { first, last }: AddressRange): boolean {
  const prefix = toRange(cidr);
  return prefix.first < first && last < prefix.last;
}

/** Keys of a catalog entry that have a field of their own. */
const FIELDS: Readonly<Record<string, string>> = { private_network_ipmask: "cidr" };

export function catalogValuesFit(draft: Draft): Problem[] {
  return (["openstack", "onpremises"] as const).flatMap((provider) =>
    [...draft[provider]].flatMap(([key, network]) =>
      Object.entries(network.subnets).flatMap(([name, { values }]) =>
        Object.keys(FIELDS)
          .filter((field) => Object.hasOwn(values, field))
          .map((field) => ({
            path: ["networks", provider, key, "subnets", name, "values", field],
            rule: "must not be given here",
            fix: `use the subnet's ${FIELDS[field]}`,
          })),
      ),
    ),
  );
}
