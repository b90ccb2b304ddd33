import type { Problem } from "../problems";
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

/** A zone belongs to its region. */
export function zonesFit(draft: Draft): Problem[] {
  return [...draft.aws].flatMap(([key, { region, subnets }]) =>
    Object.entries(subnets)
      .filter(([, { availabilityZone }]) => !availabilityZone.startsWith(region))
      .map(([name, { availabilityZone }]) => ({
        path: ["networks", "aws", key, "subnets", name, "availabilityZone"],
        rule: `must be a zone of ${region}`,
        got: availabilityZone,
        fix: `use for example ${region}a`,
      })),
  );
}
