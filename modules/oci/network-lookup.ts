import { DataOciCoreDrgs } from "@cdktf/provider-oci/data-oci-core-drgs";
import { DataOciCoreVcns } from "@cdktf/provider-oci/data-oci-core-vcns";
import { Construct } from "constructs";

export interface OciNetworkLookupProps {
  readonly compartmentId: string;
  /** Display name of the VCN and of its DRG, which another stack has made. */
  readonly name: string;
}

/** A VCN and its DRG by their name: in the compartment there is one of each that is not being deleted. */
export class OciNetworkLookup extends Construct {
  readonly vcnId: string;
  readonly drgId: string;

  constructor(scope: Construct, id: string, { compartmentId, name }: OciNetworkLookupProps) {
    super(scope, id);
    const vcns = new DataOciCoreVcns(this, "vcn", { compartmentId, displayName: name, state: "AVAILABLE" });
    const drgs = new DataOciCoreDrgs(this, "drg", {
      compartmentId,
      filter: [
        { name: "display_name", values: [name] },
        { name: "state", values: ["AVAILABLE"] },
      ],
    });
    this.vcnId = vcns.virtualNetworks.get(0).id;
    this.drgId = drgs.drgs.get(0).id;
  }
}
