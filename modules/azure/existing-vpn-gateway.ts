import { DataAzurermPublicIp } from "@cdktf/provider-azurerm/lib/data-azurerm-public-ip";
import { DataAzurermVirtualNetworkGateway } from "@cdktf/provider-azurerm/lib/data-azurerm-virtual-network-gateway";
import type { Postcondition } from "cdktf";
import { Construct } from "constructs";
import type { Asn } from "../../config/values/asn";

export interface AzureExistingVpnGatewayProps {
  readonly resourceGroupName: string;
  readonly gatewayName: string;
  /** Of instance 1 and of instance 2. */
  readonly publicIpNames: readonly [string, string];
  /**
   * The gateway's ASN where a connection has BGP.
   * @default - no BGP
   */
  readonly bgpAsn?: Asn;
}

/**
 * A gateway that exists: read and checked, never changed. Terraform stops before it makes a connection if the gateway
 * is not active-active, or without BGP or of another ASN where a connection needs them.
 *
 * **With BGP its owner must have given it the connections' inside addresses** ("custom Azure APIPA BGP IP addresses"),
 * tunnel 1's to the first instance and tunnel 2's to the second: Terraform's data source does not show them. Azure
 * refuses the connection otherwise with "primary or secondary address not found".
 * @see https://learn.microsoft.com/azure/vpn-gateway/configure-bgp
 */
export class AzureExistingVpnGateway extends Construct {
  readonly gatewayId: string;
  readonly publicAddresses: readonly [string, string];

  constructor(scope: Construct, id: string, props: AzureExistingVpnGatewayProps) {
    super(scope, id);
    const { resourceGroupName, gatewayName, publicIpNames } = props;
    const gateway = new DataAzurermVirtualNetworkGateway(this, "gateway", {
      name: gatewayName,
      resourceGroupName,
      lifecycle: { postcondition: planChecks(props) },
    });
    const addressOf = (instance: 1 | 2): string =>
      new DataAzurermPublicIp(this, `address-${instance}`, {
        name: publicIpNames[instance - 1] as string,
        resourceGroupName,
      }).ipAddress;
    this.gatewayId = gateway.id;
    this.publicAddresses = [addressOf(1), addressOf(2)];
  }
}

function planChecks({ gatewayName, bgpAsn }: AzureExistingVpnGatewayProps): Postcondition[] {
  const activeActive = {
    condition: "${self.active_active}",
    errorMessage: `The VPN gateway ${gatewayName} must be active-active: each instance carries one tunnel of a connection.`,
  };
  if (bgpAsn === undefined) return [activeActive];
  return [
    activeActive,
    {
      condition: `\${self.enable_bgp && try(self.bgp_settings[0].asn == ${bgpAsn}, false)}`,
      errorMessage: `The VPN gateway ${gatewayName} must have BGP with ASN ${bgpAsn}, as the site file says.`,
    },
  ];
}
