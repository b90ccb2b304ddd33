import { Testing } from "cdktf";
import type { Cidr } from "../../../config/values/cidr";
import { OciVcn } from "../../../modules/oci/vcn";

test("empties the security list that OCI makes with a VCN", () => {
  const { resource } = JSON.parse(
    Testing.synthScope((scope) => {
      new OciVcn(scope, "network", {
        compartmentId: "ocid1.compartment.oc1..aaaa",
        name: "demo-tokyo",
        cidr: "10.10.0.0/16" as Cidr,
      });
    }),
  );
  const [[vcnId, vcn]] = Object.entries(resource.oci_core_vcn) as [[string, object]];
  expect(vcn).toMatchObject({ display_name: "demo-tokyo", cidr_blocks: ["10.10.0.0/16"] });
  expect(Object.values(resource.oci_core_default_security_list)).toEqual([
    {
      manage_default_resource_id: `\${oci_core_vcn.${vcnId}.default_security_list_id}`,
      compartment_id: "ocid1.compartment.oc1..aaaa",
      display_name: "demo-tokyo-default",
    },
  ]);
});
