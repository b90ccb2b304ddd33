import { DataAwsEc2ManagedPrefixList } from "@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DataAwsRouteTable } from "@cdktf/provider-aws/lib/data-aws-route-table";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { IpAddress } from "../../config/values/ip-address";
import { accountId } from "./account";

export interface AwsNotifierNetworkProps {
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  /** By the subnet's key. */
  readonly subnetIds: Readonly<Record<string, string>>;
  /** The one server that the notifier speaks to. @default - any address, on that port */
  readonly chatAddress?: IpAddress;
  readonly chatPort: number;
  /**
   * endpoints: an interface endpoint for Secrets Manager (billed by the hour and zone) and a gateway endpoint for DynamoDB
   * (free) are made here. nat: what the VPC has is used, so that the notifier may reach port 443 anywhere.
   */
  readonly wayOut: "endpoints" | "nat";
}

const HTTPS = { fromPort: 443, toPort: 443, ipProtocol: "tcp" };

/** Where the notifier stands: a security group that lets out what it needs and nothing in. */
export class AwsNotifierNetwork extends Construct {
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: AwsNotifierNetworkProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "group", {
      name: props.name,
      description: "Chat notifier: out to the chat server and to AWS",
      vpcId: props.vpcId,
      tags: { Name: props.name },
    });
    this.securityGroupId = group.id;
    this.letOut("chat", {
      description: "chat server",
      cidrIpv4: props.chatAddress ? `${props.chatAddress}/32` : "0.0.0.0/0",
      fromPort: props.chatPort,
      toPort: props.chatPort,
      ipProtocol: "tcp",
    });
    if (props.wayOut === "endpoints") this.makeEndpoints(props);
    else this.letOut("https", { description: "AWS services through NAT", cidrIpv4: "0.0.0.0/0", ...HTTPS });
  }

  private letOut(
    id: string,
    rule: Omit<ConstructorParameters<typeof VpcSecurityGroupEgressRule>[2], "securityGroupId">,
  ): void {
    new VpcSecurityGroupEgressRule(this, `out-${id}`, { securityGroupId: this.securityGroupId, ...rule });
  }

  private makeEndpoints(props: AwsNotifierNetworkProps): void {
    const service = (name: string) => `com.amazonaws.${props.region}.${name}`;
    const group = new SecurityGroup(this, "endpoint-group", {
      name: `${props.name}-endpoint`,
      description: "Secrets Manager endpoint: in from the chat notifier",
      vpcId: props.vpcId,
      tags: { Name: `${props.name}-endpoint` },
    });
    new VpcSecurityGroupIngressRule(this, "endpoint-in", {
      securityGroupId: group.id,
      referencedSecurityGroupId: this.securityGroupId,
      description: "chat notifier",
      ...HTTPS,
    });
    new VpcEndpoint(this, "secrets", {
      vpcId: props.vpcId,
      serviceName: service("secretsmanager"),
      vpcEndpointType: "Interface",
      subnetIds: Object.values(props.subnetIds),
      securityGroupIds: [group.id],
      privateDnsEnabled: true,
      policy: this.endpointPolicy("secrets-policy", "secretsmanager:*"),
      tags: { Name: `${props.name}-secrets` },
    });
    const tables = Object.entries(props.subnetIds).map(
      ([key, subnetId]) => new DataAwsRouteTable(this, `route-table-of-${key}`, { subnetId }).id,
    );
    new VpcEndpoint(this, "dynamodb", {
      vpcId: props.vpcId,
      serviceName: service("dynamodb"),
      vpcEndpointType: "Gateway",
      // Two subnets may share one table.
      routeTableIds: Fn.toset(tables),
      policy: this.endpointPolicy("dynamodb-policy", "dynamodb:*"),
      tags: { Name: `${props.name}-dynamodb` },
    });
    const prefixes = new DataAwsEc2ManagedPrefixList(this, "dynamodb-prefixes", { name: service("dynamodb") });
    this.letOut("secrets", { description: "Secrets Manager", referencedSecurityGroupId: group.id, ...HTTPS });
    this.letOut("dynamodb", { description: "DynamoDB", prefixListId: prefixes.id, ...HTTPS });
  }

  /** The whole VPC's calls go through an endpoint: it lets through what this account's own roles may do, and no other account's. */
  private endpointPolicy(id: string, action: string): string {
    return new DataAwsIamPolicyDocument(this, id, {
      statement: [
        {
          sid: "OwnAccountOnly",
          actions: [action],
          resources: ["*"],
          principals: [{ type: "*", identifiers: ["*"] }],
          condition: [{ test: "StringEquals", variable: "aws:PrincipalAccount", values: [accountId(this)] }],
        },
      ],
    }).json;
  }
}
