import { Route53ResolverEndpoint } from "@cdktf/provider-aws/lib/route53-resolver-endpoint";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";

export interface AwsResolverInboundProps {
  readonly name: string;
  readonly vpcId: string;
  /** Two or more. */
  readonly subnetIds: readonly string[];
  /** The site's DNS servers. */
  readonly allowedPrefixes: readonly Cidr[];
}

/** Addresses in the VPC that the site's DNS servers can forward to. */
export class AwsResolverInbound extends Construct {
  /** A token of a list. */
  readonly addresses: string[];

  constructor(scope: Construct, id: string, props: AwsResolverInboundProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "group", {
      name: props.name,
      description: "DNS from the site",
      vpcId: props.vpcId,
      tags: { Name: props.name },
    });
    for (const prefix of props.allowedPrefixes) {
      for (const ipProtocol of ["tcp", "udp"]) {
        new VpcSecurityGroupIngressRule(this, `${ipProtocol}-from-${prefix.replace("/", "_")}`, {
          securityGroupId: group.id,
          cidrIpv4: prefix,
          ipProtocol,
          fromPort: 53,
          toPort: 53,
          description: "DNS queries",
        });
      }
    }
    const endpoint = new Route53ResolverEndpoint(this, "endpoint", {
      name: props.name,
      direction: "INBOUND",
      securityGroupIds: [group.id],
      ipAddress: props.subnetIds.map((subnetId) => ({ subnetId })),
    });
    // A set of objects: only an expression reaches into it.
    const { terraformResourceType, friendlyUniqueId } = endpoint;
    this.addresses = Token.asList(`\${[for one in ${terraformResourceType}.${friendlyUniqueId}.ip_address : one.ip]}`);
  }
}
