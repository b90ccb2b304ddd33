import type { Problem } from "../problems";
import { type Cidr, doesCidrContain, prefixLength } from "../values/cidr";
import { cloudEnds, type Draft } from "./draft";
import { findOverlaps } from "./find-overlaps";

/**
 * Prefix lengths: the longest prefix is a network's and a subnet's limit alike.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html (/16 to /28)
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Tasks/Overview_of_VCNs_and_Subnets.htm (/16 to /30)
 * @see https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq (/29 at the smallest)
 */
const NETWORK_SIZES = { aws: [16, 28], oracle: [16, 30], azure: [8, 29] } as const;

/** @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub */
const SMALLEST_GATEWAY_SUBNET = 27;

export function networkSizesFit(draft: Draft): Problem[] {
  return cloudEnds(draft).flatMap(({ cloud, path, cidr }) => {
    const [largest, smallest] = NETWORK_SIZES[cloud];
    const length = prefixLength(cidr);
    if (largest <= length && length <= smallest) return [];
    const rule = `must be from /${largest} to /${smallest} on this cloud`;
    return [{ path: [...path, "cidr"], rule, got: cidr, fix: "use another prefix length" }];
  });
}

/** Subnets lie inside their network and not in one another, and have a size that the cloud takes. */
export function subnetsLieInside(draft: Draft): Problem[] {
  return (["aws", "oracle", "azure"] as const).flatMap((provider) =>
    [...draft[provider]].flatMap(([key, network]) => {
      const path = ["networks", provider, key];
      const subnets = Object.entries(network.subnets).map(([name, { cidr }]) =>
        toUse([...path, "subnets", name, "cidr"], cidr, NETWORK_SIZES[provider][1]),
      );
      const gatewaySubnet = "gatewaySubnet" in network ? network.gatewaySubnet : undefined;
      const gateway = gatewaySubnet ? [toUse([...path, "gatewaySubnet"], gatewaySubnet, SMALLEST_GATEWAY_SUBNET)] : [];
      return subnetProblems(network.cidr, [...gateway, ...subnets]);
    }),
  );
}

interface SubnetUse {
  readonly path: readonly string[];
  readonly cidr: Cidr;
  readonly owner: string;
  readonly kind: "subnet";
  readonly longest: number;
}

function toUse(path: readonly string[], cidr: Cidr, longest: number): SubnetUse {
  return { path, cidr, owner: path.join("."), kind: "subnet", longest };
}

function subnetProblems(network: Cidr, subnets: readonly SubnetUse[]): Problem[] {
  const inside = subnets.filter(({ cidr }) => doesCidrContain(network, cidr));
  return [
    ...subnets
      .filter(({ cidr }) => !doesCidrContain(network, cidr))
      .map(({ path, cidr }) => ({
        path,
        rule: `must lie inside the network's ${network}`,
        got: cidr,
        fix: "use a part of it",
      })),
    ...findOverlaps(inside, () => false).map(({ inner, outer }) => ({
      path: inner.path,
      rule: `must not overlap ${outer.owner} (${outer.cidr})`,
      got: inner.cidr,
      fix: "use another part of the network",
    })),
    ...subnets
      .filter(({ cidr, longest }) => prefixLength(cidr) > longest)
      .map(({ path, cidr, longest }) => ({
        path,
        rule: `must be /${longest} or larger`,
        got: cidr,
        fix: `use a /${longest}`,
      })),
  ];
}

/** Names that Azure keeps for subnets of its own, whatever their case. @see https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
const AZURE_SUBNET_NAMES: readonly string[] = [
  "gatewaysubnet",
  "azurefirewallsubnet",
  "azurefirewallmanagementsubnet",
  "azurebastionsubnet",
  "routeserversubnet",
];

/** A new Azure subnet is called as its key: none of the names that Azure gives a meaning to. */
export function azureSubnetNamesAreFree(draft: Draft): Problem[] {
  return [...draft.azure].flatMap(([key, { subnets, existing }]) =>
    Object.keys(subnets)
      .filter((name) => !existing && AZURE_SUBNET_NAMES.includes(name))
      .map((name) => ({
        path: ["networks", "azure", key, "subnets", name],
        rule: "must not be a name that Azure keeps for itself",
        got: name,
        fix: "use another name",
      })),
  );
}
