import { DataAwsResourcegroupstaggingapiResources } from "@cdktf/provider-aws/lib/data-aws-resourcegroupstaggingapi-resources";
import { TerraformLocal } from "cdktf";
import { Construct } from "constructs";

export interface AwsVpnLookupProps {
  /** The VPN connection's Name tag, as the network's own stack sets it. */
  readonly name: string;
  /** The stack that makes it: named in the error if it is not there. */
  readonly stack: string;
}

/**
 * The id of a VPN connection that another stack made, found when Terraform plans. By its tags and not by
 * `data.aws_vpn_connection`, which would put the tunnels' pre-shared keys into this stack's state too.
 */
export class AwsVpnLookup extends Construct {
  /** Refers to a local value, without braces: `vpn-…`; two with a space between while one that is being replaced still has the name. */
  readonly ids: string;

  constructor(scope: Construct, id: string, { name, stack }: AwsVpnLookupProps) {
    super(scope, id);
    const found = new DataAwsResourcegroupstaggingapiResources(this, "found", {
      resourceTypeFilters: ["ec2:vpn-connection"],
      tagFilter: [{ key: "Name", values: [name] }],
      lifecycle: {
        postcondition: [
          {
            condition: "${length(self.resource_tag_mapping_list) > 0}",
            errorMessage: `There is no VPN connection ${name}: deploy the stack ${stack} first.`,
          },
        ],
      },
    });
    const ids = `[for one in ${found.fqn}.resource_tag_mapping_list : regex("vpn-[0-9a-f]+$", one.resource_arn)]`;
    // A short name: it stands in the dashboard's long expression.
    const localName = id.replaceAll("-", "_");
    new TerraformLocal(this, "ids", `\${join(" ", sort(${ids}))}`).overrideLogicalId(localName);
    this.ids = `local.${localName}`;
  }
}
