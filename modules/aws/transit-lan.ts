import { Ec2TransitGateway } from "@cdktf/provider-aws/lib/ec2-transit-gateway";
import { Ec2TransitGatewayVpcAttachment } from "@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment";
import { Route } from "@cdktf/provider-aws/lib/route";
import { Construct } from "constructs";
import type { Asn } from "../../config/values/asn";
import { type AwsAllowedTraffic, AwsLanRules } from "./lan-rules";
import type { AwsLanSide } from "./lan-side";

export interface AwsTransitLanProps {
  /** Name tag. */
  readonly name: string;
  readonly asn: Asn;
  readonly sides: readonly AwsTransitSide[];
  readonly allow: readonly AwsAllowedTraffic[];
}

export interface AwsTransitSide extends AwsLanSide {
  readonly key: string;
  /** One subnet an availability zone. */
  readonly attachmentSubnetIds: readonly string[];
}

/** VPCs of one region around a Transit Gateway of their own: each reaches each. */
export class AwsTransitLan extends Construct {
  constructor(scope: Construct, id: string, props: AwsTransitLanProps) {
    super(scope, id);
    const gateway = new Ec2TransitGateway(this, "gateway", {
      amazonSideAsn: props.asn,
      description: props.name,
      autoAcceptSharedAttachments: "disable",
      defaultRouteTableAssociation: "enable",
      defaultRouteTablePropagation: "enable",
      dnsSupport: "enable",
      tags: { Name: props.name },
    });
    const attachments = props.sides.map(
      (side) =>
        new Ec2TransitGatewayVpcAttachment(this, `attachment-${side.key}`, {
          transitGatewayId: gateway.id,
          vpcId: side.vpcId,
          subnetIds: [...side.attachmentSubnetIds],
          dnsSupport: "enable",
          tags: { Name: `${props.name}-${side.key}` },
        }),
    );
    props.sides.forEach((side, at) => {
      const prefixes = props.sides.filter((other) => other !== side).flatMap(({ cidrs }) => cidrs);
      const attachment = attachments[at] as Ec2TransitGatewayVpcAttachment;
      for (const { key, id: routeTableId } of side.routeTables) {
        for (const prefix of prefixes) {
          new Route(this, `${side.key}-${key}-to-${prefix.replace("/", "_")}`, {
            routeTableId,
            destinationCidrBlock: prefix,
            transitGatewayId: gateway.id,
            // A route to a gateway that the VPC is not attached to is refused.
            dependsOn: [attachment],
          });
        }
      }
      if (side.securityGroupId === undefined) return;
      new AwsLanRules(this, `into-${side.key}`, {
        securityGroupId: side.securityGroupId,
        from: prefixes.map((cidr) => ({ cidr })),
        allow: props.allow,
        description: `peering ${props.name}`,
        dependsOn: [],
      });
    });
  }
}
