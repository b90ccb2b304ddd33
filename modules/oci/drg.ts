import { CoreDrg } from "@cdktf/provider-oci/core-drg";
import { CoreDrgAttachment } from "@cdktf/provider-oci/core-drg-attachment";
import { CoreDrgRouteDistribution } from "@cdktf/provider-oci/core-drg-route-distribution";
import { CoreDrgRouteDistributionStatement } from "@cdktf/provider-oci/core-drg-route-distribution-statement";
import { CoreDrgRouteTable } from "@cdktf/provider-oci/core-drg-route-table";
import { Construct } from "constructs";

export interface OciDrgProps {
  readonly compartmentId: string;
  readonly name: string;
  readonly vcnId: string;
  /**
   * Whether the VCN's traffic is spread over all tunnels whose routes are equally good. Without it OCI picks one,
   * "arbitrary but stable". It holds for the whole DRG, so for all its connections.
   * @see https://docs.oracle.com/en-us/iaas/Content/Network/Tasks/managingDRGs.htm
   */
  readonly enableEcmp: boolean;
}

/** A dynamic routing gateway, attached to one VCN, that learns every tunnel's routes for it. */
export class OciDrg extends Construct {
  /** Known once the VCN is attached: a VCN's route table takes no DRG before. */
  readonly drgId: string;

  constructor(scope: Construct, id: string, props: OciDrgProps) {
    super(scope, id);
    const drg = new CoreDrg(this, "drg", { compartmentId: props.compartmentId, displayName: props.name });
    const attachment = new CoreDrgAttachment(this, "vcn-attachment", {
      drgId: drg.id,
      displayName: props.name,
      // One route for the whole VCN, as the other clouds announce it. Otherwise OCI may announce each subnet, and a part of
      // the VCN that no subnet has would be missing at the controller.
      // @see https://docs.oracle.com/en-us/iaas/tools/python/latest/api/core/models/oci.core.models.VcnDrgAttachmentNetworkCreateDetails.html
      networkDetails: { type: "VCN", id: props.vcnId, vcnRouteType: "VCN_CIDRS" },
      drgRouteTableId: this.makeRouteTable(drg, props).id,
    });
    this.drgId = attachment.drgId;
  }

  /**
   * A table of our own even without ECMP, with the same import as OCI's: an attachment can't be given the automatic one
   * back once it had another.
   */
  private makeRouteTable(drg: CoreDrg, { name, enableEcmp }: OciDrgProps): CoreDrgRouteTable {
    const distribution = new CoreDrgRouteDistribution(this, "imports", {
      drgId: drg.id,
      distributionType: "IMPORT",
      displayName: `${name}-all`,
    });
    new CoreDrgRouteDistributionStatement(this, "import-all", {
      drgRouteDistributionId: distribution.id,
      action: "ACCEPT",
      priority: 1,
      matchCriteria: { matchType: "MATCH_ALL" },
    });
    return new CoreDrgRouteTable(this, "route-table", {
      drgId: drg.id,
      displayName: `${name}-vcn`,
      importDrgRouteDistributionId: distribution.id,
      isEcmpEnabled: enableEcmp,
    });
  }
}
