import { ConfigError, type Problem } from "../config/problems";
import {
  type AwsNetwork,
  type AzureNetwork,
  type CloudNetwork,
  type FreeNetwork,
  isCloudNetwork,
  type Network,
  type OracleNetwork,
  type SakuraNetwork,
  type Site,
  stackName,
} from "../config/site";
import type { NetworkFacts } from "../config/tunnel-facts";

/** One provider of vpn_catalog.yml, with its networks in the site file's order. */
export interface PlannedProvider {
  readonly name: string;
  readonly networks: readonly PlannedNetwork[];
}

export interface PlannedNetwork {
  readonly name: string;
  /** Where it comes from and over what it is reached. */
  readonly comment: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

const FACTS = "facts";
/** Names that the catalog has for other sections of the site file. */
const TAKEN_NAMES: readonly string[] = ["aws", "azure", "oracle", "sakura", "onpremises", "default", "cci_version"];

/** Whether anyone needs a catalog: a VC controller, or a network that is there for nothing else. */
export function needsCatalog(site: Site): boolean {
  return (
    site.controllers.some(({ vcController }) => vcController) ||
    site.networks.some((network) => !isCloudNetwork(network))
  );
}

/** The networks whose ids only their deployed stack knows, and whose facts weren't given. */
export function networksWithoutFacts(site: Site, networks: ReadonlyMap<string, NetworkFacts>): CloudNetwork[] {
  return site.networks.filter(isCloudNetwork).filter((network) => !network.existing && !networks.has(network.id));
}

/** @throws ConfigError if a network has no facts yet, or an OpenStack's name is taken */
export function planCatalog(site: Site, networks: ReadonlyMap<string, NetworkFacts>): PlannedProvider[] {
  const problems = [...networksWithoutFacts(site, networks).map(missingFacts), ...site.networks.flatMap(takenName)];
  if (problems.length > 0) throw new ConfigError(FACTS, problems);
  const providers = new Map<string, PlannedNetwork[]>();
  for (const network of site.networks) {
    const name = network.provider === "openstack" ? network.key : network.provider;
    const comment = describe(site, network);
    const planned = valuesOf(network, networks.get(network.id)).map(([key, values]) => ({
      name: key,
      comment,
      values,
    }));
    providers.set(name, [...(providers.get(name) ?? []), ...planned]);
  }
  // NII: "onpremises must be set, so it is defined empty", whether or not there are servers of one's own.
  if (!providers.has("onpremises"))
    providers.set("onpremises", [
      { name: "default", comment: "always there: existing servers need no keys", values: {} },
    ]);
  return [...providers].map(([name, planned]) => ({ name, networks: planned }));
}

function missingFacts(network: CloudNetwork): Problem {
  return {
    path: ["networks", network.provider, network.key],
    rule: "must have facts for the catalog",
    fix: `deploy stack ${stackName(network)} and give its outputs as facts`,
  };
}

function takenName(network: Network): Problem[] {
  if (network.provider !== "openstack" || !TAKEN_NAMES.includes(network.key)) return [];
  return [
    {
      path: ["networks", "openstack", network.key],
      rule: "must have a name of its own in the catalog, where it stands beside the other providers",
      fix: `rename it, for example openstack-${network.key}`,
    },
  ];
}

function describe(site: Site, network: Network): string {
  const roads = site.connections
    .filter((connection) => connection.network.id === network.id)
    .map(({ key, controller }) => `${controller.key} (${key})`);
  const reached = roads.length > 0 ? `, reached from ${roads.join(", ")}` : "";
  return `${network.id}${network.description ? `: ${network.description}` : ""}${reached}`;
}

type Values = [name: string, values: PlannedNetwork["values"]];

function valuesOf(network: Network, facts: NetworkFacts | undefined): Values[] {
  switch (network.provider) {
    case "aws":
      return awsValues(network, facts);
    case "oracle":
      return oracleValues(network, facts);
    case "azure":
      return azureValues(network, facts);
    case "sakura":
      return sakuraValues(network);
    default:
      return freeValues(network);
  }
}

function awsValues({ region, subnets, existing }: AwsNetwork, facts: NetworkFacts | undefined): Values[] {
  return subnets.map(({ key, cidr, availabilityZone, subnetId }) => [
    key,
    {
      aws_availability_zone: availabilityZone,
      aws_region: region,
      aws_vpc_subnet_id: facts?.subnets[key] ?? subnetId ?? "",
      aws_vpc_security_group_id: facts?.securityGroup ?? existing?.securityGroupId ?? "",
      private_network_ipmask: cidr,
    },
  ]);
}

function oracleValues(
  { region, tenancyId, compartmentId, subnets }: OracleNetwork,
  facts: NetworkFacts | undefined,
): Values[] {
  return subnets.map(({ key, cidr, availabilityDomain, subnetId }) => [
    key,
    {
      oracle_tenancy_ocid: tenancyId,
      oracle_compartment_id: compartmentId,
      oracle_subnet_id: facts?.subnets[key] ?? subnetId ?? "",
      oracle_region: region,
      oracle_availability_domain: availabilityDomain,
      private_network_ipmask: cidr,
    },
  ]);
}

function azureValues({ location, subnets, existing }: AzureNetwork, facts: NetworkFacts | undefined): Values[] {
  return subnets.map(({ key, cidr, subnetName }) => [
    key,
    {
      azure_resource_group_name: facts?.resourceGroup ?? existing?.resourceGroup ?? "",
      azure_vnet_name: facts?.virtualNetwork ?? existing?.vnetName ?? "",
      azure_subnet_name: facts?.subnets[key] ?? subnetName ?? "",
      azure_security_group_name: facts?.securityGroup ?? existing?.securityGroupName ?? "",
      azure_location: location,
      private_network_ipmask: cidr,
    },
  ]);
}

function sakuraValues({ subnets }: SakuraNetwork): Values[] {
  return subnets.map(({ key, zone, cidr, localSwitchId, gatewayIp }) => [
    key,
    {
      sakura_local_switch_id: localSwitchId,
      sakura_private_subnet_gateway_ip: gatewayIp,
      sakura_zone: zone,
      private_network_ipmask: cidr,
    },
  ]);
}

function freeValues({ subnets }: FreeNetwork): Values[] {
  return subnets.map(({ key, cidr, values }) => [
    key,
    { ...values, ...(cidr === undefined ? {} : { private_network_ipmask: cidr }) },
  ]);
}
