import { Subnet } from "@cdktf/provider-azurerm/lib/subnet";
import { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";

export interface AzureVnetProps {
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly cidr: Cidr;
  /** The gateway's own subnet, /27 or larger. */
  readonly gatewaySubnet: Cidr;
  readonly subnets: readonly { readonly key: string; readonly cidr: Cidr }[];
}

/**
 * A VNet with its subnets, each under the user's own key, and the gateway's. The gateway's routes reach all of them.
 */
export class AzureVnet extends Construct {
  readonly vnetName: string;
  readonly gatewaySubnetId: string;
  /** By the subnet's key; without the gateway's. */
  readonly subnets: Readonly<Record<string, { readonly id: string; readonly name: string }>>;

  constructor(scope: Construct, id: string, props: AzureVnetProps) {
    super(scope, id);
    const { name, location, resourceGroupName } = props;
    const vnet = new VirtualNetwork(this, "vnet", { name, location, resourceGroupName, addressSpace: [props.cidr] });
    const makeSubnet = (subnetId: string, subnetName: string, cidr: Cidr): Subnet =>
      new Subnet(this, subnetId, {
        name: subnetName,
        resourceGroupName,
        virtualNetworkName: vnet.name,
        addressPrefixes: [cidr],
      });
    // Azure finds a gateway's subnet by this name, and by no other.
    this.gatewaySubnetId = makeSubnet("gateway-subnet", "GatewaySubnet", props.gatewaySubnet).id;
    this.subnets = Object.fromEntries(
      props.subnets.map(({ key, cidr }) => {
        const subnet = makeSubnet(`subnet-${key}`, key, cidr);
        return [key, { id: subnet.id, name: subnet.name }];
      }),
    );
    this.vnetName = vnet.name;
  }
}
