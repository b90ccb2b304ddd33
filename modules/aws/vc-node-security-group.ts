import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";
import { VC_NODE_PORTS } from "../common/vc-node-ports";

export interface AwsVcNodeSecurityGroupProps {
  readonly name: string;
  readonly vpcId: string;
  /** Prefixes behind the controllers: all that may come in, beside the group itself. */
  readonly sitePrefixes: readonly Cidr[];
}

/** The security group that VC nodes get: ping and the VC controller's ports from the site, everything among themselves. */
export class AwsVcNodeSecurityGroup extends Construct {
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: AwsVcNodeSecurityGroupProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "group", {
      name: `${props.name}-vc-nodes`,
      description: "VC nodes: reached from the site over the VPN",
      vpcId: props.vpcId,
      tags: { Name: `${props.name}-vc-nodes` },
    });
    const common = { securityGroupId: group.id };
    new VpcSecurityGroupIngressRule(this, "from-itself", {
      ...common,
      referencedSecurityGroupId: group.id,
      ipProtocol: "-1",
      description: "VC nodes among themselves",
    });
    for (const prefix of props.sitePrefixes) {
      // `/` divides the levels of a construct's path.
      const from = prefix.replace("/", "_");
      new VpcSecurityGroupIngressRule(this, `icmp-from-${from}`, {
        ...common,
        cidrIpv4: prefix,
        ipProtocol: "icmp",
        fromPort: -1,
        toPort: -1,
        description: "ping and path MTU",
      });
      for (const { protocol, from: fromPort, to: toPort, why } of VC_NODE_PORTS) {
        new VpcSecurityGroupIngressRule(this, `${protocol}-${fromPort}-from-${from}`, {
          ...common,
          cidrIpv4: prefix,
          ipProtocol: protocol,
          fromPort,
          toPort,
          description: why,
        });
      }
    }
    new VpcSecurityGroupEgressRule(this, "to-anywhere", {
      ...common,
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "-1",
      description: "answers, and images from registries",
    });
    this.securityGroupId = group.id;
  }
}
