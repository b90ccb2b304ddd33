import { CoreNetworkSecurityGroup } from "@cdktf/provider-oci/core-network-security-group";
import { CoreNetworkSecurityGroupSecurityRule } from "@cdktf/provider-oci/core-network-security-group-security-rule";
import { CoreSecurityList } from "@cdktf/provider-oci/core-security-list";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";
import { VC_NODE_PORTS } from "../common/vc-node-ports";

export interface OciVcNodeSecurityProps {
  readonly compartmentId: string;
  readonly name: string;
  readonly vcnId: string;
  /** The VCN's prefix: VC nodes of one cluster talk to each other. */
  readonly cidr: Cidr;
  /** Prefixes behind the controllers: all that may come in from outside. */
  readonly sitePrefixes: readonly Cidr[];
}

/** IANA's numbers, as strings. @see https://docs.oracle.com/en-us/iaas/api/#/en/iaas/latest/SecurityRule/ */
const PROTOCOL = { tcp: "6", udp: "17", icmp: "1", all: "all" } as const;

/** One thing that may come in; the list and the group have different words for it. */
interface Ingress {
  readonly key: string;
  readonly source: Cidr;
  readonly protocol: keyof typeof PROTOCOL;
  readonly ports?: { readonly min: number; readonly max: number };
  readonly description: string;
}

/**
 * What may reach VC nodes: ping and the VC controller's ports from the site, everything inside the VCN, nothing else.
 * Twice, because the VC controller's OCI plug-in names a subnet and no group: the security list holds for every
 * instance of the subnets, the network security group for what is put into it by hand. OCI allows what either of them
 * allows.
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Concepts/securityrules.htm
 */
export class OciVcNodeSecurity extends Construct {
  readonly securityListId: string;
  readonly networkSecurityGroupId: string;

  constructor(scope: Construct, id: string, props: OciVcNodeSecurityProps) {
    super(scope, id);
    const rules = planIngress(props);
    this.securityListId = this.makeSecurityList(props, rules).id;
    this.networkSecurityGroupId = this.makeGroup(props, rules).id;
  }

  private makeSecurityList({ compartmentId, vcnId, name }: OciVcNodeSecurityProps, rules: Ingress[]): CoreSecurityList {
    return new CoreSecurityList(this, "security-list", {
      compartmentId,
      vcnId,
      displayName: `${name}-security-list`,
      ingressSecurityRules: rules.map(({ source, protocol, ports, description }) => ({
        source,
        sourceType: "CIDR_BLOCK",
        protocol: PROTOCOL[protocol],
        description,
        ...(ports && protocol === "tcp" && { tcpOptions: ports }),
        ...(ports && protocol === "udp" && { udpOptions: ports }),
      })),
      egressSecurityRules: [
        {
          destination: "0.0.0.0/0",
          destinationType: "CIDR_BLOCK",
          protocol: PROTOCOL.all,
          description: "answers, and images from registries",
        },
      ],
    });
  }

  private makeGroup(
    { compartmentId, vcnId, name }: OciVcNodeSecurityProps,
    rules: Ingress[],
  ): CoreNetworkSecurityGroup {
    const group = new CoreNetworkSecurityGroup(this, "group", {
      compartmentId,
      vcnId,
      displayName: `${name}-vc-nodes`,
    });
    for (const { key, source, protocol, ports, description } of rules) {
      new CoreNetworkSecurityGroupSecurityRule(this, key, {
        networkSecurityGroupId: group.id,
        direction: "INGRESS",
        source,
        sourceType: "CIDR_BLOCK",
        protocol: PROTOCOL[protocol],
        description,
        ...(ports && protocol === "tcp" && { tcpOptions: { destinationPortRange: ports } }),
        ...(ports && protocol === "udp" && { udpOptions: { destinationPortRange: ports } }),
      });
    }
    return group;
  }
}

function planIngress({ cidr, sitePrefixes }: OciVcNodeSecurityProps): Ingress[] {
  return [
    { key: "from-vcn", source: cidr, protocol: "all", description: "VC nodes among themselves" },
    ...sitePrefixes.flatMap((source): Ingress[] => {
      // `/` divides the levels of a construct's path.
      const from = source.replace("/", "_");
      return [
        { key: `icmp-from-${from}`, source, protocol: "icmp", description: "ping and path MTU" },
        ...VC_NODE_PORTS.map((range) => ({
          key: `${range.protocol}-${range.from}-from-${from}`,
          source,
          protocol: range.protocol,
          ports: { min: range.from, max: range.to },
          description: range.why,
        })),
      ];
    }),
  ];
}
