import { CoreRouteTable } from "@cdktf/provider-oci/core-route-table";
import { CoreSubnet } from "@cdktf/provider-oci/core-subnet";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";

export interface OciSubnetsProps {
  readonly compartmentId: string;
  readonly name: string;
  readonly vcnId: string;
  /** The DRG that the VCN is attached to. */
  readonly drgId: string;
  readonly securityListId: string;
  readonly subnets: readonly { readonly key: string; readonly cidr: Cidr }[];
  /** Prefixes behind the controllers. A VCN learns no routes: each is a rule of the route table. */
  readonly sitePrefixes: readonly Cidr[];
}

/**
 * Private subnets, regional ones as Oracle recommends (the availability domain is the instance's affair), and the one
 * route table that leads from all of them to the site.
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Tasks/managingVCNs.htm
 */
export class OciSubnets extends Construct {
  /** Ids by the subnet's key. */
  readonly subnetIds: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: OciSubnetsProps) {
    super(scope, id);
    const { compartmentId, vcnId } = props;
    const routeTable = new CoreRouteTable(this, "route-table", {
      compartmentId,
      vcnId,
      displayName: `${props.name}-routes`,
      routeRules: props.sitePrefixes.map((prefix) => ({
        networkEntityId: props.drgId,
        destination: prefix,
        destinationType: "CIDR_BLOCK",
        description: "the site over the VPN",
      })),
    });
    const subnets = props.subnets.map(({ key, cidr }) => {
      const subnet = new CoreSubnet(this, `subnet-${key}`, {
        compartmentId,
        vcnId,
        displayName: `${props.name}-${key}`,
        cidrBlock: cidr,
        routeTableId: routeTable.id,
        securityListIds: [props.securityListId],
        prohibitPublicIpOnVnic: true,
        prohibitInternetIngress: true,
      });
      return [key, subnet.id] as const;
    });
    this.subnetIds = Object.fromEntries(subnets);
  }
}
