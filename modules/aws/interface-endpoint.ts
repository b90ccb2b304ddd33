import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";

export interface AwsInterfaceEndpointProps {
  readonly name: string;
  /** Of the service: `execute-api`. */
  readonly service: string;
  readonly region: string;
  readonly vpcId: string;
  /** One an availability zone. */
  readonly subnetIds: readonly string[];
  /** Who may open TCP 443. */
  readonly allowedPrefixes: readonly Cidr[];
  /** Whether the VPC's own DNS answers the service's public names with the endpoint's addresses. @default false */
  readonly enablePrivateDns?: boolean;
}

/** An interface endpoint that only some prefixes reach. Its policy is a resource of its own: it may name what names the endpoint. */
export class AwsInterfaceEndpoint extends Construct {
  readonly endpointId: string;
  /** `vpce-0123-abcd.execute-api.ap-northeast-1.vpce.amazonaws.com`: resolves everywhere, to private addresses. */
  readonly hostName: string;

  constructor(scope: Construct, id: string, props: AwsInterfaceEndpointProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "group", {
      name: props.name,
      description: `HTTPS to the ${props.service} endpoint from the site`,
      vpcId: props.vpcId,
      tags: { Name: props.name },
    });
    for (const prefix of props.allowedPrefixes) {
      // `/` divides the levels of a construct's path.
      new VpcSecurityGroupIngressRule(this, `https-from-${prefix.replace("/", "_")}`, {
        securityGroupId: group.id,
        cidrIpv4: prefix,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "callers of the API",
      });
    }
    const endpoint = new VpcEndpoint(this, "endpoint", {
      vpcId: props.vpcId,
      serviceName: `com.amazonaws.${props.region}.${props.service}`,
      vpcEndpointType: "Interface",
      subnetIds: [...props.subnetIds],
      securityGroupIds: [group.id],
      privateDnsEnabled: props.enablePrivateDns ?? false,
      tags: { Name: props.name },
    });
    this.endpointId = endpoint.id;
    this.hostName = endpoint.dnsEntry.get(0).dnsName;
  }
}
