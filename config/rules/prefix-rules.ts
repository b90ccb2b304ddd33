import type { Problem } from "../problems";
import {
  type Cidr,
  doCidrsOverlap,
  doesCidrContain,
  doesCidrContainAddress,
  parseCidr,
  prefixLength,
  toRange,
} from "../values/cidr";
import type { IpAddress } from "../values/ip-address";
import { cloudEnds, type Draft } from "./draft";

interface Prefix {
  readonly path: readonly (string | number)[];
  readonly cidr: Cidr;
  /** Prefixes of one owner may lie inside one another. */
  readonly owner: string;
  /** Two controllers at one site may both lead to the same LAN. */
  readonly isController: boolean;
}

/** No prefix of a network or controller overlaps another's: packets would have two ways to go, or none. */
export function prefixesDoNotOverlap(draft: Draft): Problem[] {
  const sorted = [...allPrefixes(draft)].sort(
    (a, b) => toRange(a.cidr).first - toRange(b.cidr).first || prefixLength(a.cidr) - prefixLength(b.cidr),
  );
  const problems: Problem[] = [];
  const open: Prefix[] = [];
  for (const prefix of sorted) {
    const { first } = toRange(prefix.cidr);
    for (let at = open.length - 1; at >= 0; at--) {
      const other = open[at] as Prefix;
      if (toRange(other.cidr).last < first) open.splice(at, 1);
      else if (!mayOverlap(prefix, other)) problems.push(overlap(prefix, other));
    }
    open.push(prefix);
  }
  return problems;
}

function mayOverlap(a: Prefix, b: Prefix): boolean {
  return a.owner === b.owner || (a.isController && b.isController && a.cidr === b.cidr);
}

function overlap(a: Prefix, b: Prefix): Problem {
  return {
    path: a.path,
    rule: `must not overlap ${b.path.join(".")} (${b.cidr})`,
    got: a.cidr,
    fix: "give each network and site its own prefix",
  };
}

function allPrefixes(draft: Draft): Prefix[] {
  const prefix = (path: (string | number)[], cidr: Cidr, owner: string, isController = false): Prefix => ({
    path,
    cidr,
    owner,
    isController,
  });
  return [
    ...[...draft.controllers].flatMap(([key, controller]) =>
      controller.subnets.map((cidr, at) =>
        prefix(["controllers", key, "subnets", at], cidr, `controllers.${key}`, true),
      ),
    ),
    ...cloudEnds(draft).map(({ id, path, cidr }) => prefix([...path, "cidr"], cidr, id)),
    ...(["sakura", "openstack", "onpremises"] as const).flatMap((provider) =>
      [...draft[provider]].flatMap(([key, network]) =>
        Object.entries(network.subnets).flatMap(([name, { cidr }]) =>
          cidr === undefined
            ? []
            : [prefix(["networks", provider, key, "subnets", name, "cidr"], cidr, `${provider}/${key}/${name}`)],
        ),
      ),
    ),
  ];
}

/** Prefixes that mean something else everywhere. @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const SPECIAL_PREFIXES: readonly Cidr[] = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(parseCidr);

export function prefixesAreUsable(draft: Draft): Problem[] {
  return allPrefixes(draft).flatMap(({ path, cidr }) => {
    const special = SPECIAL_PREFIXES.find((prefix) => doCidrsOverlap(prefix, cidr));
    return special
      ? [
          {
            path,
            rule: `must not overlap ${special}, which has another meaning`,
            got: cidr,
            fix: "use for example 10.10.0.0/16",
          },
        ]
      : [];
  });
}

/** Prefix lengths: AWS /16 to /28, OCI /16 to /30, Azure /8 to /29 (a gateway subnet /27 or larger). */
const NETWORK_SIZES = { aws: [16, 28], oracle: [16, 30], azure: [8, 29] } as const;
const SMALLEST_GATEWAY_SUBNET = 27;

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html and https://docs.oracle.com/iaas/Content/Network/Tasks/VCNs.htm */
export function networkSizesFit(draft: Draft): Problem[] {
  return cloudEnds(draft).flatMap(({ cloud, path, cidr }) => {
    const [largest, smallest] = NETWORK_SIZES[cloud];
    const length = prefixLength(cidr);
    if (largest <= length && length <= smallest) return [];
    return [
      {
        path: [...path, "cidr"],
        rule: `must be from /${largest} to /${smallest} on this cloud`,
        got: cidr,
        fix: "use another prefix length",
      },
    ];
  });
}

/** Subnets lie inside their network and not in one another. */
export function subnetsLieInside(draft: Draft): Problem[] {
  return (["aws", "oracle", "azure"] as const).flatMap((provider) =>
    [...draft[provider]].flatMap(([key, network]) => {
      const path = ["networks", provider, key];
      const subnets = Object.entries(network.subnets).map(([name, { cidr }]) => ({
        path: [...path, "subnets", name, "cidr"],
        cidr,
      }));
      const gateway =
        "gatewaySubnet" in network && network.gatewaySubnet
          ? [{ path: [...path, "gatewaySubnet"], cidr: network.gatewaySubnet }]
          : [];
      return subnetProblems(network.cidr, [...gateway, ...subnets]);
    }),
  );
}

function subnetProblems(outer: Cidr, subnets: readonly { path: readonly string[]; cidr: Cidr }[]): Problem[] {
  return subnets.flatMap(({ path, cidr }, at) => {
    if (!doesCidrContain(outer, cidr))
      return [{ path, rule: `must lie inside the network's ${outer}`, got: cidr, fix: "use a part of it" }];
    const other = subnets.slice(0, at).find((earlier) => doCidrsOverlap(earlier.cidr, cidr));
    if (other)
      return [
        {
          path,
          rule: `must not overlap ${other.path.join(".")} (${other.cidr})`,
          got: cidr,
          fix: "use another part of the network",
        },
      ];
    if (path.at(-1) === "gatewaySubnet" && prefixLength(cidr) > SMALLEST_GATEWAY_SUBNET) {
      return [
        {
          path,
          rule: `must be /${SMALLEST_GATEWAY_SUBNET} or larger`,
          got: cidr,
          fix: `use a /${SMALLEST_GATEWAY_SUBNET}`,
        },
      ];
    }
    return [];
  });
}

/** A probe is an address of the network that it probes. */
export function probesLieInside(draft: Draft): Problem[] {
  const ends = new Map(cloudEnds(draft).map((end) => [end.id, end]));
  return [...draft.connections].flatMap(([key, { probe, network }]) => {
    const end = ends.get(network);
    if (!probe || !end || doesCidrContainAddress(end.cidr, probe as IpAddress)) return [];
    return [
      {
        path: ["connections", key, "probe"],
        rule: `must be an address in ${network}'s ${end.cidr}`,
        got: probe,
        fix: "use a host that answers ping",
      },
    ];
  });
}
