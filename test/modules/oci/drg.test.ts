import { TerraformOutput, Testing } from "cdktf";
import { OciDrg } from "../../../modules/oci/drg";

type Json = any;

function synth(enableEcmp: boolean) {
  const { resource, output }: Json = JSON.parse(
    Testing.synthScope((scope) => {
      const drg = new OciDrg(scope, "gateway", {
        compartmentId: "ocid1.compartment.oc1..aaaa",
        name: "demo-tokyo",
        vcnId: "ocid1.vcn.oc1..aaaa",
        enableEcmp,
      });
      new TerraformOutput(scope, "drg-id", { value: drg.drgId });
    }),
  );
  const only = (type: string): Json => Object.values(resource[type])[0];
  return { drgId: output["drg-id"].value, only };
}

test("gives out the DRG's id by way of the attachment, so that routes come after it", () => {
  expect(synth(false).drgId).toMatch(/^\$\{oci_core_drg_attachment\.gateway_vcn-attachment_\w+\.drg_id\}$/);
});

test("attaches the VCN with a table that imports what all tunnels learn", () => {
  const { only } = synth(false);
  expect(only("oci_core_drg_attachment")).toEqual({
    drg_id: expect.stringMatching(/^\$\{oci_core_drg\.gateway_drg_\w+\.id\}$/),
    display_name: "demo-tokyo",
    network_details: { type: "VCN", id: "ocid1.vcn.oc1..aaaa", vcn_route_type: "VCN_CIDRS" },
    drg_route_table_id: expect.stringMatching(/^\$\{oci_core_drg_route_table\.gateway_route-table_\w+\.id\}$/),
  });
  expect(only("oci_core_drg_route_table").import_drg_route_distribution_id).toMatch(
    /^\$\{oci_core_drg_route_distribution\.gateway_imports_\w+\.id\}$/,
  );
  expect(only("oci_core_drg_route_distribution_statement")).toMatchObject({
    action: "ACCEPT",
    match_criteria: { match_type: "MATCH_ALL" },
  });
});

test.each([true, false])("spreads over equally good tunnels: %s", (enableEcmp) => {
  expect(synth(enableEcmp).only("oci_core_drg_route_table").is_ecmp_enabled).toBe(enableEcmp);
});
