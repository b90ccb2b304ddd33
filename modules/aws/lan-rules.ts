import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";

export interface AwsLanRulesProps {
  /** Group that lets in. */
  readonly securityGroupId: string;
  /** Who may come: the members of a group, or a prefix. */
  readonly from: readonly ({ readonly securityGroupId: string } | { readonly cidr: Cidr })[];
  readonly allow: readonly AwsAllowedTraffic[];
  /** For people, in ASCII. */
  readonly description: string;
  /** @default - the stack's own */
  readonly provider?: TerraformProvider;
  /** What has to be there before a group of the other side can be named. */
  readonly dependsOn: readonly ITerraformDependable[];
}

export interface AwsAllowedTraffic {
  readonly protocol: "all" | "tcp" | "udp" | "icmp";
  /** First and last port, for tcp and udp. */
  readonly ports?: readonly [number, number];
}

/** Lets the others of a LAN into one side's security group. */
export class AwsLanRules extends Construct {
  constructor(scope: Construct, id: string, props: AwsLanRulesProps) {
    super(scope, id);
    for (const from of props.from) {
      // `/` divides the levels of a construct's path.
      const source = "cidr" in from ? from.cidr.replace("/", "_") : "group";
      for (const { protocol, ports } of props.allow) {
        const which = [protocol, ...(ports ?? [])].join("-");
        new VpcSecurityGroupIngressRule(this, `${which}-from-${source}`, {
          securityGroupId: props.securityGroupId,
          ...("cidr" in from ? { cidrIpv4: from.cidr } : { referencedSecurityGroupId: from.securityGroupId }),
          ...toProtocol(protocol, ports),
          description: props.description,
          provider: props.provider,
          dependsOn: [...props.dependsOn],
        });
      }
    }
  }
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html (-1: all protocols; all ICMP types) */
function toProtocol(protocol: AwsAllowedTraffic["protocol"], ports: AwsAllowedTraffic["ports"]) {
  if (protocol === "all") return { ipProtocol: "-1" };
  const [fromPort, toPort] = ports ?? [-1, -1];
  return { ipProtocol: protocol, fromPort, toPort };
}
