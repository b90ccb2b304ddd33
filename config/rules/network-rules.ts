import type { Problem } from "../problems";
import { longestName, NAME_LIMITS } from "../resource-names";
import { parseAddressPool } from "../values/address-pool";
import { type Cidr, doesCidrContainAddress } from "../values/cidr";
import { toNumber } from "../values/ip-address";
import { ValueError } from "../values/value-error";
import type { Draft } from "./draft";

/** An existing network's subnets are named by the cloud's id; a new one's never. */
export function existingNetworksAreComplete(draft: Draft): Problem[] {
  return [
    ...subnetIdProblems(draft, "aws", "subnetId"),
    ...subnetIdProblems(draft, "oracle", "subnetId"),
    ...subnetIdProblems(draft, "azure", "subnetName"),
    ...[...draft.aws].flatMap(([key, network]) => existingAwsProblems(key, network)),
    ...[...draft.azure].flatMap(([key, network]) => {
      const path = ["networks", "azure", key, "gatewaySubnet"];
      if (!network.existing && !network.gatewaySubnet)
        return [{ path, rule: "is required", fix: "add a /27 of the network's prefix" }];
      if (network.existing && network.gatewaySubnet)
        return [
          {
            path,
            rule: "must not be given for an existing VNet",
            got: network.gatewaySubnet as string,
            fix: "remove it",
          },
        ];
      return [];
    }),
  ];
}

function subnetIdProblems(
  draft: Draft,
  provider: "aws" | "oracle" | "azure",
  field: "subnetId" | "subnetName",
): Problem[] {
  return [...draft[provider]].flatMap(([key, network]) =>
    Object.entries(network.subnets).flatMap(([name, subnet]) => {
      const id = (subnet as { subnetId?: string; subnetName?: string })[field];
      const path = ["networks", provider, key, "subnets", name, field];
      if (network.existing && id === undefined)
        return [
          { path, rule: "is required for an existing network", fix: "add the subnet's id as the cloud shows it" },
        ];
      if (!network.existing && id !== undefined)
        return [
          {
            path,
            rule: "must not be given for a network that is made here",
            got: id,
            fix: "remove it, or add existing",
          },
        ];
      return [];
    }),
  );
}

type AwsEntry = Draft["aws"] extends ReadonlyMap<string, infer E> ? E : never;

function existingAwsProblems(key: string, { existing, gateway, natGateway, subnets }: AwsEntry): Problem[] {
  const path = ["networks", "aws", key];
  const problems: Problem[] = [];
  if (natGateway !== undefined && existing) {
    problems.push({
      path: [...path, "natGateway"],
      rule: "must not be given for an existing VPC",
      got: natGateway as string,
      fix: "remove it",
    });
  } else if (natGateway !== undefined && !subnets[natGateway]?.public) {
    problems.push({
      path: [...path, "natGateway"],
      rule: "must name a subnet of this network that has public: true",
      got: natGateway as string,
      fix: "name a public subnet",
    });
  }
  if (!existing) return problems;
  const wrong = gateway === "vpn" ? "transitGatewayId" : "vpnGatewayId";
  if (existing[wrong] !== undefined) {
    problems.push({
      path: [...path, "existing", wrong],
      rule: `must not be given where gateway is ${gateway}`,
      got: existing[wrong],
      fix: `remove it, or set gateway: ${gateway === "vpn" ? "transit" : "vpn"}`,
    });
  }
  if (gateway === "transit" && existing.transitGatewayId === undefined) {
    problems.push({
      path: [...path, "existing", "transitGatewayId"],
      rule: "is required where gateway is transit",
      fix: "name the Transit Gateway that the VPC is attached to",
    });
  }
  return problems;
}

/** The longest name that a stack gives to a resource fits the cloud's limit. */
export function namesFit(draft: Draft): Problem[] {
  const site = draft.site;
  if (site === undefined) return [];
  return (["aws", "oracle", "azure"] as const).flatMap((cloud) => {
    const limit = NAME_LIMITS[cloud];
    const tooLong = (path: string[], key: string, suffix: string): Problem[] => {
      const name = longestName(site, key, suffix);
      return name.length <= limit.most
        ? []
        : [
            {
              path,
              rule: `must make names of at most ${limit.most} characters (${limit.what})`,
              got: name,
              fix: "use a shorter key or site name",
            },
          ];
    };
    return [
      ...[...draft[cloud].keys()].flatMap((key) => tooLong(["networks", cloud, key], key, limit.networkSuffix)),
      ...[...draft.connections]
        .filter(([, { network }]) => network.startsWith(`${cloud}/`))
        .flatMap(([key]) => tooLong(["connections", key], key, limit.connectionSuffix)),
    ];
  });
}

/** A catalog has one name space a provider: every subnet of a provider's networks has a name of its own. */
export function catalogNamesAreUnique(draft: Draft): Problem[] {
  return (["aws", "oracle", "azure", "sakura", "openstack", "onpremises"] as const).flatMap((provider) => {
    const seen = new Map<string, string>();
    return [...draft[provider]].flatMap(([key, network]) =>
      Object.keys(network.subnets).flatMap((name) => {
        const first = seen.get(name);
        seen.set(name, first ?? `networks.${provider}.${key}.subnets.${name}`);
        return first === undefined
          ? []
          : [
              {
                path: ["networks", provider, key, "subnets", name],
                rule: `must have a name of its own in the VPN catalog, and ${first} has it too`,
                fix: `rename one, for example ${key}-${name}`,
              },
            ];
      }),
    );
  });
}

/** A Sakura switch's gateway and pool lie in its prefix, and the gateway isn't given to a node. */
export function sakuraPoolsFit(draft: Draft): Problem[] {
  return [...draft.sakura].flatMap(([key, network]) =>
    Object.entries(network.subnets).flatMap(([name, { cidr, gatewayIp, addressPool }]) => {
      const path = ["networks", "sakura", key, "subnets", name];
      const gateway = doesCidrContainAddress(cidr, gatewayIp)
        ? []
        : [
            {
              path: [...path, "gatewayIp"],
              rule: `must lie in ${cidr}`,
              got: gatewayIp as string,
              fix: "use the router's address on the switch",
            },
          ];
      const pool = addressPool.flatMap((text, at) =>
        poolProblems([...path, "addressPool", at], text, cidr, toNumber(gatewayIp)),
      );
      return [...gateway, ...pool];
    }),
  );
}

function poolProblems(path: (string | number)[], text: string, cidr: Cidr, gateway: number): Problem[] {
  try {
    const addresses = parseAddressPool(text);
    const rule = !addresses.every((address) => doesCidrContainAddress(cidr, address))
      ? `must lie in ${cidr}`
      : addresses.some((address) => toNumber(address) === gateway)
        ? "must not hold the gateway's address"
        : undefined;
    return rule ? [{ path, rule, got: text, fix: "use free addresses of the switch" }] : [];
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return [{ path, rule: error.rule, got: text, fix: error.fix }];
  }
}
