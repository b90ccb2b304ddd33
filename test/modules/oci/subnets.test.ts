import { Testing } from "cdktf";
import type { Cidr } from "../../../config/values/cidr";
import { OciSubnets } from "../../../modules/oci/subnets";

test("routes each of the site's prefixes to the DRG, in private, regional subnets without the VCN's own security list", () => {
  const { resource } = JSON.parse(
    Testing.synthScope((scope) => {
      new OciSubnets(scope, "subnets", {
        compartmentId: "ocid1.compartment.oc1..aaaa",
        name: "demo-tokyo",
        vcnId: "ocid1.vcn.oc1..aaaa",
        drgId: "ocid1.drg.oc1..aaaa",
        securityListId: "ocid1.securitylist.oc1..aaaa",
        subnets: [{ key: "default", cidr: "10.10.2.0/24" as Cidr }],
        sitePrefixes: ["10.0.2.0/24" as Cidr, "10.0.3.0/24" as Cidr],
      });
    }),
  );
  const [[tableId, table]] = Object.entries(resource.oci_core_route_table) as [[string, object]];
  const rule = {
    network_entity_id: "ocid1.drg.oc1..aaaa",
    destination_type: "CIDR_BLOCK",
    description: "the site over the VPN",
  };
  expect(table).toMatchObject({
    vcn_id: "ocid1.vcn.oc1..aaaa",
    route_rules: [
      { ...rule, destination: "10.0.2.0/24" },
      { ...rule, destination: "10.0.3.0/24" },
    ],
  });
  expect(Object.values(resource.oci_core_subnet)).toEqual([
    {
      compartment_id: "ocid1.compartment.oc1..aaaa",
      vcn_id: "ocid1.vcn.oc1..aaaa",
      display_name: "demo-tokyo-default",
      cidr_block: "10.10.2.0/24",
      route_table_id: `\${oci_core_route_table.${tableId}.id}`,
      security_list_ids: ["ocid1.securitylist.oc1..aaaa"],
      prohibit_public_ip_on_vnic: true,
      prohibit_internet_ingress: true,
    },
  ]);
});
