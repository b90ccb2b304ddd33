import { Testing } from "cdktf";
import { PROPOSALS } from "../../../config/proposals";
import { TUNNEL_PARAMETERS } from "../../../config/tunnel-parameters";
import type { Asn } from "../../../config/values/asn";
import type { Cidr } from "../../../config/values/cidr";
import type { IpAddress } from "../../../config/values/ip-address";
import { OciVpnConnection, type OciVpnConnectionProps } from "../../../modules/oci/vpn-connection";

const PROPS: OciVpnConnectionProps = {
  name: "demo-tokyo-oracle",
  compartmentId: "ocid1.compartment.oc1..aaaa",
  drgId: "ocid1.drg.oc1..aaaa",
  controller: {
    publicIp: "198.51.100.10" as IpAddress,
    asn: 65010 as Asn,
    isBehindNat: true,
    subnets: ["10.0.2.0/24" as Cidr, "10.0.3.0/24" as Cidr],
  },
  routing: "bgp",
  tunnels: [
    {
      insideCidr: "169.254.40.0/30" as Cidr,
      cloudInsideAddress: "169.254.40.1" as IpAddress,
      controllerInsideAddress: "169.254.40.2" as IpAddress,
      presharedKey: "${random_password.one.result}",
    },
    {
      insideCidr: "169.254.40.4/30" as Cidr,
      cloudInsideAddress: "169.254.40.5" as IpAddress,
      controllerInsideAddress: "169.254.40.6" as IpAddress,
      presharedKey: "${random_password.two.result}",
    },
  ],
  proposals: PROPOSALS.oracle,
  parameters: TUNNEL_PARAMETERS.oracle,
};

type Json = any;

function synth(changes: Partial<OciVpnConnectionProps> = {}) {
  let outputs: OciVpnConnection["tunnels"] | undefined;
  const json: Json = JSON.parse(
    Testing.synthScope((scope) => {
      outputs = new OciVpnConnection(scope, "vpn", { ...PROPS, ...changes }).tunnels;
    }),
  );
  const named = (type: string, name: string): Json =>
    Object.entries(json.resource[type]).find(([id]) => id.startsWith(name))?.[1];
  return {
    cpe: named("oci_core_cpe", "vpn_cpe"),
    ipsec: named("oci_core_ipsec", "vpn_connection"),
    tunnels: [1, 2].map((n) => named("oci_core_ipsec_connection_tunnel_management", `vpn_tunnel-${n}`)),
    data: json.data.oci_core_ipsec_connection_tunnels,
    outputs,
  };
}

const tunnelId = (place: number) =>
  expect.stringMatching(
    new RegExp(
      `^\\$\\{element\\(values\\(zipmap\\((data\\.oci_core_ipsec_connection_tunnels\\.vpn_tunnels_\\w+\\.ip_sec_connection_tunnels)\\[\\*\\]\\.vpn_ip, \\1\\[\\*\\]\\.id\\)\\), ${place}\\)\\}$`,
    ),
  );

const PINNED = {
  ipsec_id: expect.stringMatching(/^\$\{oci_core_ipsec\.vpn_connection_\w+\.id\}$/),
  ike_version: "V2",
  nat_translation_enabled: "AUTO",
  oracle_can_initiate: "RESPONDER_ONLY",
  dpd_config: [{ dpd_mode: "INITIATE_AND_RESPOND", dpd_timeout_in_sec: 20 }],
  phase_one_details: {
    is_custom_phase_one_config: true,
    custom_encryption_algorithm: "AES_256_CBC",
    custom_authentication_algorithm: "SHA2_384",
    custom_dh_group: "GROUP20",
    lifetime: 28800,
  },
  phase_two_details: {
    is_custom_phase_two_config: true,
    custom_encryption_algorithm: "AES_256_GCM",
    is_pfs_enabled: true,
    dh_group: "GROUP20",
    lifetime: 3600,
  },
};

test("pins everything of both tunnels, each with its own key and inside addresses", () => {
  const { tunnels } = synth();
  expect(tunnels).toEqual([
    {
      ...PINNED,
      display_name: "demo-tokyo-oracle-1",
      tunnel_id: tunnelId(0),
      shared_secret: "${random_password.one.result}",
      routing: "BGP",
      bgp_session_info: {
        customer_bgp_asn: "65010",
        customer_interface_ip: "169.254.40.2/30",
        oracle_interface_ip: "169.254.40.1/30",
      },
    },
    {
      ...PINNED,
      display_name: "demo-tokyo-oracle-2",
      tunnel_id: tunnelId(1),
      shared_secret: "${random_password.two.result}",
      routing: "BGP",
      bgp_session_info: {
        customer_bgp_asn: "65010",
        customer_interface_ip: "169.254.40.6/30",
        oracle_interface_ip: "169.254.40.5/30",
      },
      depends_on: [expect.stringMatching(/^oci_core_ipsec_connection_tunnel_management\.vpn_tunnel-1_/)],
    },
  ]);
});

test("expects the controller's public address as its IKE identity", () => {
  const { cpe, ipsec } = synth();
  expect(cpe).toEqual({
    compartment_id: "ocid1.compartment.oc1..aaaa",
    display_name: "demo-tokyo-oracle",
    ip_address: "198.51.100.10",
  });
  expect(ipsec).toEqual({
    compartment_id: "ocid1.compartment.oc1..aaaa",
    cpe_id: expect.stringMatching(/^\$\{oci_core_cpe\.vpn_cpe_\w+\.id\}$/),
    drg_id: "ocid1.drg.oc1..aaaa",
    display_name: "demo-tokyo-oracle",
    cpe_local_identifier: "198.51.100.10",
    cpe_local_identifier_type: "IP_ADDRESS",
    static_routes: ["10.0.2.0/24"],
  });
});

test("reads the tunnels of its own connection", () => {
  expect(Object.values(synth().data)).toEqual([
    { ipsec_id: expect.stringMatching(/^\$\{oci_core_ipsec\.vpn_connection_\w+\.id\}$/) },
  ]);
});

test("lets Oracle begin where no NAT stands before the controller", () => {
  const { tunnels } = synth({ controller: { ...PROPS.controller, isBehindNat: false } });
  expect(tunnels.map((tunnel) => tunnel.oracle_can_initiate)).toEqual([
    "INITIATOR_OR_RESPONDER",
    "INITIATOR_OR_RESPONDER",
  ]);
});

test("with static routing gives every prefix and the inside addresses, and no ASN", () => {
  const { ipsec, tunnels } = synth({ routing: "static" });
  expect(ipsec.static_routes).toEqual(["10.0.2.0/24", "10.0.3.0/24"]);
  expect(tunnels.map(({ routing, bgp_session_info }) => ({ routing, bgp_session_info }))).toEqual([
    {
      routing: "STATIC",
      bgp_session_info: { customer_interface_ip: "169.254.40.2/30", oracle_interface_ip: "169.254.40.1/30" },
    },
    {
      routing: "STATIC",
      bgp_session_info: { customer_interface_ip: "169.254.40.6/30", oracle_interface_ip: "169.254.40.5/30" },
    },
  ]);
});

test("with a policy gives the one prefix pair and no inside addresses", () => {
  const { tunnels, outputs } = synth({
    routing: "static",
    policyPrefix: "10.10.0.0/16" as Cidr,
    controller: { ...PROPS.controller, subnets: ["10.0.2.0/24" as Cidr] },
  });
  for (const tunnel of tunnels) {
    expect(tunnel).toMatchObject({
      routing: "POLICY",
      encryption_domain_config: {
        cpe_traffic_selector: ["10.0.2.0/24"],
        oracle_traffic_selector: ["10.10.0.0/16"],
      },
    });
    expect(tunnel).not.toHaveProperty("bgp_session_info");
  }
  expect(
    outputs?.map(({ cloudInsideAddress, controllerInsideAddress }) => [cloudInsideAddress, controllerInsideAddress]),
  ).toEqual([
    ["169.254.40.1", "169.254.40.2"],
    ["169.254.40.5", "169.254.40.6"],
  ]);
});

test("without a policy has no encryption domain", () => {
  for (const tunnel of synth({ routing: "static" }).tunnels)
    expect(tunnel).not.toHaveProperty("encryption_domain_config");
});
