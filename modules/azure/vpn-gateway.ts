import { PublicIp } from "@cdktf/provider-azurerm/lib/public-ip";
import {
  VirtualNetworkGateway,
  type VirtualNetworkGatewayBgpSettings,
} from "@cdktf/provider-azurerm/lib/virtual-network-gateway";
import { Construct } from "constructs";
import type { Asn } from "../../config/values/asn";
import type { IpAddress } from "../../config/values/ip-address";

export interface AzureVpnGatewayProps {
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly subnetId: string;
  /** Zone-redundant ones only, `VpnGw1AZ` to `VpnGw5AZ`: others can't be made since November 2025. */
  readonly sku: string;
  readonly asn: Asn;
  /**
   * One inside address for each instance and BGP connection, in 169.254.21.0 to 169.254.22.255.
   * @default - no BGP
   */
  readonly bgpAddresses: readonly (readonly [IpAddress, IpAddress])[];
}

const ZONES = ["1", "2", "3"];
/** The gateway's names for its instances; a change would make it anew. */
const IP_CONFIGURATION_NAMES = ["instance-1", "instance-2"] as const;
/** Azure takes about 45 minutes for a gateway, and says "or more". */
const TIMEOUT = "90m";

/**
 * A route-based VPN gateway of two instances, both active, each with a zone-redundant public IP: instance 1 has a
 * connection's tunnel 1, instance 2 its tunnel 2.
 *
 * No `prevent_destroy`, though a new gateway takes 45 minutes: Terraform takes no variable there, so that a wanted
 * `cdktf destroy` would be impossible too. What would replace the gateway (its name, place, GatewaySubnet, generation)
 * comes from keys and prefixes that one does not change in passing, and the plan says so.
 * @see https://learn.microsoft.com/azure/vpn-gateway/about-active-active-gateways
 */
export class AzureVpnGateway extends Construct {
  readonly gatewayId: string;
  /** Of instance 1 and of instance 2. */
  readonly publicAddresses: readonly [string, string];

  constructor(scope: Construct, id: string, props: AzureVpnGatewayProps) {
    super(scope, id);
    const { name, location, resourceGroupName } = props;
    const addresses = [this.makeAddress(1, props), this.makeAddress(2, props)] as const;
    const hasBgp = props.bgpAddresses.length > 0;
    const gateway = new VirtualNetworkGateway(this, "gateway", {
      name,
      location,
      resourceGroupName,
      type: "Vpn",
      vpnType: "RouteBased",
      sku: props.sku,
      generation: toGeneration(props.sku),
      activeActive: true,
      ipConfiguration: addresses.map(({ id: publicIpAddressId }, instance) => ({
        name: IP_CONFIGURATION_NAMES[instance],
        publicIpAddressId,
        subnetId: props.subnetId,
        privateIpAddressAllocation: "Dynamic",
      })),
      enableBgp: hasBgp,
      ...(hasBgp && { bgpSettings: toBgpSettings(props) }),
      timeouts: { create: TIMEOUT, update: TIMEOUT, delete: TIMEOUT },
    });
    this.gatewayId = gateway.id;
    this.publicAddresses = [addresses[0].ipAddress, addresses[1].ipAddress];
  }

  private makeAddress(instance: 1 | 2, { name, location, resourceGroupName }: AzureVpnGatewayProps): PublicIp {
    return new PublicIp(this, `address-${instance}`, {
      name: `${name}-${instance}`,
      location,
      resourceGroupName,
      sku: "Standard",
      allocationMethod: "Static",
      zones: ZONES,
    });
  }
}

/** The first SKU has one generation, the others come in the second, which carries more. */
function toGeneration(sku: string): "Generation1" | "Generation2" {
  return sku === "VpnGw1AZ" ? "Generation1" : "Generation2";
}

function toBgpSettings({ asn, bgpAddresses }: AzureVpnGatewayProps): VirtualNetworkGatewayBgpSettings {
  return {
    asn,
    peeringAddresses: IP_CONFIGURATION_NAMES.map((ipConfigurationName, instance) => ({
      ipConfigurationName,
      apipaAddresses: bgpAddresses.map((pair) => pair[instance] as IpAddress),
    })),
  };
}
