import { CoreDefaultSecurityList } from "@cdktf/provider-oci/core-default-security-list";
import { CoreVcn } from "@cdktf/provider-oci/core-vcn";
import { Construct } from "constructs";
import type { Cidr } from "../../config/values/cidr";

export interface OciVcnProps {
  readonly compartmentId: string;
  readonly name: string;
  readonly cidr: Cidr;
}

/** A VCN without any way to the Internet. */
export class OciVcn extends Construct {
  readonly vcnId: string;

  constructor(scope: Construct, id: string, { compartmentId, name, cidr }: OciVcnProps) {
    super(scope, id);
    const vcn = new CoreVcn(this, "vcn", { compartmentId, displayName: name, cidrBlocks: [cidr] });
    // OCI's own lets ssh in from everywhere, and a subnet made by hand falls into it: ours lets nothing in or out.
    new CoreDefaultSecurityList(this, "default-security-list", {
      manageDefaultResourceId: vcn.defaultSecurityListId,
      compartmentId,
      displayName: `${name}-default`,
    });
    this.vcnId = vcn.id;
  }
}
