import {
  NetworkSecurityGroup,
  type NetworkSecurityGroupSecurityRule,
} from "@cdktf/provider-azurerm/lib/network-security-group";
import { SubnetNetworkSecurityGroupAssociation } from "@cdktf/provider-azurerm/lib/subnet-network-security-group-association";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";
import { VC_NODE_PORTS } from "../common/vc-node-ports";

export interface AzureVcNodeSecurityProps {
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  /** The VNet's prefix: VC nodes of one cluster talk to each other. */
  readonly cidr: Cidr;
  /** Prefixes behind the controllers: all that may come in from outside. */
  readonly sitePrefixes: readonly Cidr[];
  /** Ids by the subnet's key. Never the GatewaySubnet's: a group on it stops the gateway. */
  readonly subnetIds: Readonly<Record<string, string>>;
}

const FIRST_PRIORITY = 100;
const PRIORITY_STEP = 10;
const LAST_PRIORITY = 4096;

/**
 * The network security group of VC nodes: ping and the VC controller's ports from the site, everything inside the VNet,
 * nothing else. Azure's own rules would let the whole site in, because its tag `VirtualNetwork` means every prefix that
 * a gateway knows too: so the last rule refuses that tag. The load balancer's probes and the refusal of the Internet
 * stay Azure's.
 * @see https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
 */
export class AzureVcNodeSecurity extends Construct {
  readonly securityGroupName: string;

  constructor(scope: Construct, id: string, props: AzureVcNodeSecurityProps) {
    super(scope, id);
    const group = new NetworkSecurityGroup(this, "group", {
      name: `${props.name}-vc-nodes`,
      location: props.location,
      resourceGroupName: props.resourceGroupName,
      securityRule: planRules(props),
    });
    for (const [key, subnetId] of Object.entries(props.subnetIds)) {
      new SubnetNetworkSecurityGroupAssociation(this, `group-of-${key}`, {
        subnetId,
        networkSecurityGroupId: group.id,
      });
    }
    this.securityGroupName = group.name;
  }
}

/** In one resource, so that moved priorities are one change and never two rules of one priority for a moment. */
function planRules({ cidr, sitePrefixes }: AzureVcNodeSecurityProps): NetworkSecurityGroupSecurityRule[] {
  const fromSite = { sourceAddressPrefixes: [...sitePrefixes] };
  const allowed = [
    allow("within-vnet", "VC nodes among themselves", "*", "*", { sourceAddressPrefix: cidr }),
    allow("icmp-from-site", "ping and path MTU", "Icmp", "*", fromSite),
    ...VC_NODE_PORTS.map(({ protocol, from, to, why }) =>
      allow(
        `${protocol}-${from}-from-site`,
        why,
        protocol === "tcp" ? "Tcp" : "Udp",
        from === to ? `${from}` : `${from}-${to}`,
        fromSite,
      ),
    ),
  ].map((rule, place) => ({ ...rule, priority: FIRST_PRIORITY + place * PRIORITY_STEP }));
  const refused = {
    ...allow("refuse-the-rest", "Azure itself would let in all that the gateway knows", "*", "*", {
      sourceAddressPrefix: "VirtualNetwork",
    }),
    access: "Deny",
    priority: LAST_PRIORITY,
  };
  return [...allowed, refused];
}

function allow(
  name: string,
  description: string,
  protocol: "*" | "Icmp" | "Tcp" | "Udp",
  destinationPortRange: string,
  source: Pick<NetworkSecurityGroupSecurityRule, "sourceAddressPrefix" | "sourceAddressPrefixes">,
): NetworkSecurityGroupSecurityRule {
  return {
    name,
    description,
    protocol,
    destinationPortRange,
    ...source,
    direction: "Inbound",
    access: "Allow",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
  };
}
