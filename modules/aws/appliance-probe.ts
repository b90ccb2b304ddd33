import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Construct } from "constructs";
import { isResourceId, selectorTag } from "../../config/values/resource-selector";
import { AwsLambdaFunction } from "./lambda-function";

export interface AwsApplianceProbeProps {
  /** Of the function and its security group. */
  readonly name: string;
  readonly code: string;
  readonly vpcId: string;
  /** The VPC's prefix: the probe reaches nothing outside it. */
  readonly vpcCidr: string;
  /** Ids or tags of subnets in the VPC. */
  readonly subnets: readonly string[];
  readonly service: { readonly protocol: "tcp" | "https" | "udp"; readonly port: number };
}

/** A function in the VPC that asks a service whether it lives. It calls nothing of AWS, and needs no way out of the VPC. */
export class AwsApplianceProbe extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AwsApplianceProbeProps) {
    super(scope, id);
    const { vpcId, service } = props;
    const group = new SecurityGroup(this, "group", {
      name: props.name,
      description: "Asks the appliance whether it lives; nothing comes in",
      vpcId,
      egress: [
        {
          description: "the service",
          protocol: service.protocol === "udp" ? "udp" : "tcp",
          fromPort: service.port,
          toPort: service.port,
          cidrBlocks: [props.vpcCidr],
        },
      ],
      tags: { Name: props.name },
    });
    const subnetIds = props.subnets.map((selector, at) => {
      if (isResourceId(selector)) return selector;
      const { key, value } = selectorTag(selector) as { key: string; value: string };
      return new DataAwsSubnet(this, `subnet-${at + 1}`, { vpcId, tags: { [key]: value } }).id;
    });
    this.arn = new AwsLambdaFunction(this, "function", {
      name: props.name,
      code: props.code,
      environment: {},
      statements: [],
      timeoutSeconds: 90,
      memoryMegabytes: 128,
      vpc: { subnetIds, securityGroupIds: [group.id] },
    }).arn;
  }
}
