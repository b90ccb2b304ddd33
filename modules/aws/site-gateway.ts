import { DataAwsEc2TransitGateway } from "@cdktf/provider-aws/lib/data-aws-ec2-transit-gateway";
import { Ec2TransitGateway } from "@cdktf/provider-aws/lib/ec2-transit-gateway";
import { Ec2TransitGatewayVpcAttachment } from "@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment";
import { Route } from "@cdktf/provider-aws/lib/route";
import { VpnGateway } from "@cdktf/provider-aws/lib/vpn-gateway";
import { VpnGatewayRoutePropagation } from "@cdktf/provider-aws/lib/vpn-gateway-route-propagation";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Asn } from "../../config/values/asn";
import type { Cidr } from "../../config/values/cidr";

export interface AwsSiteGatewayProps {
  readonly name: string;
  /** `vpn`: a virtual private gateway. `transit`: a Transit Gateway. */
  readonly kind: "vpn" | "transit";
  readonly vpcId: string;
  readonly asn: Asn;
  /**
   * Id of a gateway that exists and that the VPC is attached to.
   * @default - one is made and attached
   */
  readonly existingGatewayId?: string;
  /** One subnet an availability zone, for a Transit Gateway's attachment. */
  readonly attachmentSubnetIds: readonly string[];
  /** Tables that shall know the way to the site. */
  readonly routeTables: readonly { readonly key: string; readonly id: string }[];
  /** Prefixes behind the controllers. A virtual private gateway learns them, a Transit Gateway's VPC must be told. */
  readonly sitePrefixes: readonly Cidr[];
}

/** What the VPN connections of a network end in, and the VPC's routes to it. */
export class AwsSiteGateway extends Construct {
  readonly vpnGatewayId?: string;
  readonly transitGatewayId?: string;
  /** The Transit Gateway's route table that VPN attachments belong to. */
  readonly transitRouteTableId?: string;

  constructor(scope: Construct, id: string, props: AwsSiteGatewayProps) {
    super(scope, id);
    if (props.kind === "vpn") {
      this.vpnGatewayId = this.makeVpnGateway(props);
      return;
    }
    const { gatewayId, routeTableId } = this.makeTransitGateway(props);
    this.transitGatewayId = gatewayId;
    this.transitRouteTableId = routeTableId;
  }

  private makeVpnGateway(props: AwsSiteGatewayProps): string {
    const gatewayId =
      props.existingGatewayId ??
      new VpnGateway(this, "vpn-gateway", {
        vpcId: props.vpcId,
        amazonSideAsn: String(props.asn),
        tags: { Name: props.name },
      }).id;
    for (const { key, id } of props.routeTables) {
      new VpnGatewayRoutePropagation(this, `routes-to-${key}`, { vpnGatewayId: gatewayId, routeTableId: id });
    }
    return gatewayId;
  }

  private makeTransitGateway(props: AwsSiteGatewayProps): { gatewayId: string; routeTableId: string } {
    if (props.existingGatewayId !== undefined) {
      const gateway = new DataAwsEc2TransitGateway(this, "transit-gateway", { id: props.existingGatewayId });
      this.makeTransitRoutes(props, gateway.id);
      return { gatewayId: gateway.id, routeTableId: gateway.associationDefaultRouteTableId };
    }
    const gateway = new Ec2TransitGateway(this, "transit-gateway", {
      amazonSideAsn: props.asn,
      description: props.name,
      vpnEcmpSupport: "enable",
      dnsSupport: "enable",
      tags: { Name: props.name },
    });
    const attachment = new Ec2TransitGatewayVpcAttachment(this, "vpc-attachment", {
      transitGatewayId: gateway.id,
      vpcId: props.vpcId,
      subnetIds: [...props.attachmentSubnetIds],
      tags: { Name: props.name },
    });
    this.makeTransitRoutes(props, gateway.id, [attachment]);
    return { gatewayId: gateway.id, routeTableId: gateway.associationDefaultRouteTableId };
  }

  /** A VPC learns nothing from a Transit Gateway: each prefix is a route of its own in each table, once it is attached. */
  private makeTransitRoutes(
    { routeTables, sitePrefixes }: AwsSiteGatewayProps,
    transitGatewayId: string,
    dependsOn: ITerraformDependable[] = [],
  ): void {
    for (const { key, id } of routeTables) {
      for (const prefix of sitePrefixes) {
        new Route(this, `route-${key}-to-${prefix.replace("/", "_")}`, {
          routeTableId: id,
          destinationCidrBlock: prefix,
          transitGatewayId,
          dependsOn,
        });
      }
    }
  }
}
