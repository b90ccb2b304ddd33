import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { PROPOSALS } from "../config/proposals";
import { resourceName } from "../config/resource-names";
import type { AzureNetwork, Connection } from "../config/site";
import { FACTS_VERSION, NETWORK_FACTS_OUTPUT, type NetworkFacts, TUNNEL_FACTS_OUTPUT } from "../config/tunnel-facts";
import { TUNNEL_PARAMETERS } from "../config/tunnel-parameters";
import type { Cidr } from "../config/values/cidr";
import type { IpAddress } from "../config/values/ip-address";
import { toVariableName } from "../config/values/secret-ref";
import { AzureExistingVpnGateway } from "../modules/azure/existing-vpn-gateway";
import { AzureVcNodeSecurity } from "../modules/azure/vc-node-security";
import { AzureVnet } from "../modules/azure/vnet";
import { AzureVpnConnection } from "../modules/azure/vpn-connection";
import { AzureVpnGateway } from "../modules/azure/vpn-gateway";
import { applyTags } from "../modules/common/tags";
import { TunnelKey } from "../modules/common/tunnel-key";
import { addAzureProvider, addBackend, type StackBackend } from "./providers";
import { SiteStack } from "./site-stack";

export interface AzureNetworkStackProps {
  /** Every resource's name begins with it. */
  readonly site: string;
  readonly network: AzureNetwork;
  /** Those that end in this network. */
  readonly connections: readonly Connection[];
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/** The VNet's gateway and what the VPN catalog wants to know of the VNet. */
interface Place {
  readonly resourceGroupName: string;
  readonly gateway: { readonly gatewayId: string; readonly publicAddresses: readonly [string, string] };
  readonly vnetName: string;
  readonly securityGroupName: string;
  readonly subnetNames: Readonly<Record<string, string>>;
}

/**
 * One VNet with its VPN gateway and all its connections: one Terraform state. An existing VNet gets local network
 * gateways and connections in its gateway's resource group, nothing else.
 */
export class AzureNetworkStack extends SiteStack {
  constructor(scope: Construct, name: string, props: AzureNetworkStackProps) {
    super(scope, name);
    const { network, connections } = props;
    addAzureProvider(this);
    addBackend(this, name, props.backend);
    const place = network.existing ? this.readPlace(network, connections) : this.makePlace(props);
    const facts = connections.map((connection) => [connection.key, this.connect(props, place, connection)] as const);
    this.publish(name, network, place, Object.fromEntries(facts));
    applyTags(this, props.tags);
  }

  private makePlace({ site, network, connections }: AzureNetworkStackProps): Place {
    if (network.gatewaySubnet === undefined) throw new Error("a VNet that is made here has a GatewaySubnet");
    const name = resourceName(site, network.key);
    const { location } = network;
    const { name: resourceGroupName } = new ResourceGroup(this, "resource-group", { name, location });
    const common = { name, location, resourceGroupName };
    const vnet = new AzureVnet(this, "network", {
      ...common,
      cidr: network.cidr,
      gatewaySubnet: network.gatewaySubnet,
      subnets: network.subnets.map(({ key, cidr }) => ({ key, cidr })),
    });
    const security = new AzureVcNodeSecurity(this, "vc-nodes", {
      ...common,
      cidr: network.cidr,
      sitePrefixes: [...new Set<Cidr>(connections.flatMap(({ controller }) => controller.subnets))],
      subnetIds: mapValues(vnet.subnets, ({ id }) => id),
    });
    const gateway = new AzureVpnGateway(this, "gateway", {
      ...common,
      subnetId: vnet.gatewaySubnetId,
      sku: network.sku,
      asn: network.asn,
      bgpAddresses: connections.filter(({ routing }) => routing === "bgp").map(cloudInsideAddresses),
    });
    return {
      resourceGroupName,
      gateway,
      vnetName: vnet.vnetName,
      securityGroupName: security.securityGroupName,
      subnetNames: mapValues(vnet.subnets, (subnet) => subnet.name),
    };
  }

  private readPlace({ existing, asn, subnets }: AzureNetwork, connections: readonly Connection[]): Place {
    if (!existing) throw new Error("the network is not an existing one");
    const gateway = new AzureExistingVpnGateway(this, "gateway", {
      resourceGroupName: existing.resourceGroup,
      gatewayName: existing.gatewayName,
      publicIpNames: existing.publicIpNames,
      bgpAsn: connections.some(({ routing }) => routing === "bgp") ? asn : undefined,
    });
    return {
      resourceGroupName: existing.resourceGroup,
      gateway,
      vnetName: existing.vnetName,
      securityGroupName: existing.securityGroupName,
      subnetNames: Object.fromEntries(subnets.map(({ key, subnetName }) => [key, subnetName ?? ""])),
    };
  }

  private connect({ site, network }: AzureNetworkStackProps, place: Place, connection: Connection) {
    const { controller, tunnels } = connection;
    const vpn = new AzureVpnConnection(this, `connection-${connection.key}`, {
      name: resourceName(site, connection.key),
      location: network.location,
      resourceGroupName: place.resourceGroupName,
      gateway: place.gateway,
      controller: {
        publicIp: controller.publicIp,
        asn: controller.asn,
        isBehindNat: controller.behindNat,
        subnets: controller.subnets,
      },
      routing: connection.routing,
      policyPrefix: connection.mode === "policy-based" ? network.cidr : undefined,
      presharedKey: this.makeKey(connection).value,
      inside: { cloud: cloudInsideAddresses(connection), controller: tunnels[0].controllerInsideAddress },
      proposals: PROPOSALS.azure,
      parameters: TUNNEL_PARAMETERS.azure,
    });
    return {
      controller: controller.key,
      network: network.id,
      tunnels: {
        1: { ...vpn.tunnels[0], pskEpoch: tunnels[0].pskEpoch },
        2: { ...vpn.tunnels[1], pskEpoch: tunnels[1].pskEpoch },
      },
    };
  }

  /** Tunnel 1's is both tunnels': an Azure connection has one shared key. */
  private makeKey({ key, tunnels: [{ pskEpoch, psk }] }: Connection): TunnelKey {
    return new TunnelKey(this, `key-${key}`, { epoch: pskEpoch, variableName: psk && toVariableName(psk) });
  }

  private publish(name: string, network: AzureNetwork, place: Place, connections: Record<string, object>): void {
    const networkFacts: NetworkFacts = {
      version: FACTS_VERSION,
      network: network.id,
      securityGroup: place.securityGroupName,
      resourceGroup: place.resourceGroupName,
      virtualNetwork: place.vnetName,
      subnets: { ...place.subnetNames },
    };
    new TerraformOutput(this, TUNNEL_FACTS_OUTPUT, {
      value: { version: FACTS_VERSION, stack: name, connections },
      sensitive: true,
    });
    new TerraformOutput(this, NETWORK_FACTS_OUTPUT, { value: networkFacts });
  }
}

function cloudInsideAddresses({ tunnels }: Connection): readonly [IpAddress, IpAddress] {
  return [tunnels[0].cloudInsideAddress, tunnels[1].cloudInsideAddress];
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}
