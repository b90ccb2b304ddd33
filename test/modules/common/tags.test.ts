import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { CoreVcn } from "@cdktf/provider-oci/core-vcn";
import { TerraformStack, Testing } from "cdktf";
import { applyTags } from "../../../modules/common/tags";

const stack = new TerraformStack(Testing.app(), "stack");
new AwsProvider(stack, "aws", { region: "ap-northeast-1" });
new Vpc(stack, "vpc", { tags: { Name: "own", site: "of its own" } });
new RouteTableAssociation(stack, "association", { routeTableId: "rtb-1" });
new ResourceGroup(stack, "group", { name: "group", location: "japaneast" });
new CoreVcn(stack, "vcn", { compartmentId: "ocid1.compartment" });
applyTags(stack, { site: "demo", owner: "network-team" });
const { resource } = JSON.parse(Testing.synth(stack));

test.each([
  ["a resource's own tags win", resource.aws_vpc.vpc.tags, { Name: "own", site: "of its own", owner: "network-team" }],
  ["Azure has tags", resource.azurerm_resource_group.group.tags, { site: "demo", owner: "network-team" }],
  ["OCI has free-form tags", resource.oci_core_vcn.vcn.freeform_tags, { site: "demo", owner: "network-team" }],
  ["what takes no tags gets none", resource.aws_route_table_association.association.tags, undefined],
])("%s", (_, tags, expected) => {
  expect(tags).toEqual(expected);
});
