import { TerraformOutput, Testing } from "cdktf";
import { PROPOSALS } from "../../../config/proposals";
import { TUNNEL_PARAMETERS } from "../../../config/tunnel-parameters";
import type { Asn } from "../../../config/values/asn";
import type { Cidr } from "../../../config/values/cidr";
import type { IpAddress } from "../../../config/values/ip-address";
import { AzureVpnConnection, type AzureVpnConnectionProps } from "../../../modules/azure/vpn-connection";

type Json = any;

const PROPS: AzureVpnConnectionProps = {
  name: "demo-tokyo-azure",
  location: "japaneast",
  resourceGroupName: "demo-japan",
  gateway: { gatewayId: "/gateways/demo-japan", publicAddresses: ["192.0.2.1", "192.0.2.2"] },
  controller: {
    publicIp: "198.51.100.10" as IpAddress,
    asn: 65010 as Asn,
    isBehindNat: true,
    subnets: ["10.0.2.0/24" as Cidr, "10.0.3.0/24" as Cidr],
  },
  routing: "bgp",
  presharedKey: "${random_password.one.result}",
  inside: {
    cloud: ["169.254.21.1" as IpAddress, "169.254.21.5" as IpAddress],
    controller: "169.254.21.2" as IpAddress,
  },
  proposals: PROPOSALS.azure,
  parameters: TUNNEL_PARAMETERS.azure,
};

function synth(changes: Partial<AzureVpnConnectionProps> = {}) {
  const { resource, output }: Json = JSON.parse(
    Testing.synthScope((scope) => {
      const { tunnels } = new AzureVpnConnection(scope, "vpn", { ...PROPS, ...changes });
      new TerraformOutput(scope, "tunnels", { value: tunnels });
    }),
  );
  const only = (type: string): Json => {
    const all = Object.values(resource[type]);
    expect(all).toHaveLength(1);
    return all[0];
  };
  return {
    controller: only("azurerm_local_network_gateway"),
    connection: only("azurerm_virtual_network_gateway_connection"),
    tunnels: output.tunnels.value as Json[],
  };
}

const PINNED = {
  name: "demo-tokyo-azure",
  location: "japaneast",
  resource_group_name: "demo-japan",
  type: "IPsec",
  virtual_network_gateway_id: "/gateways/demo-japan",
  local_network_gateway_id: expect.stringMatching(/^\$\{azurerm_local_network_gateway\.vpn_controller_\w+\.id\}$/),
  shared_key: "${random_password.one.result}",
  connection_protocol: "IKEv2",
  connection_mode: "ResponderOnly",
  dpd_timeout_seconds: 30,
  ipsec_policy: {
    ike_encryption: "GCMAES256",
    ike_integrity: "SHA384",
    dh_group: "ECP384",
    ipsec_encryption: "GCMAES256",
    ipsec_integrity: "GCMAES256",
    pfs_group: "ECP384",
    sa_lifetime: 3600,
    sa_datasize: 102400000,
  },
  timeouts: { create: "90m", update: "90m", delete: "90m" },
};

test("with BGP pins one connection for both tunnels, and peers with the controller's one address", () => {
  const { controller, connection } = synth();
  expect(connection).toEqual({
    ...PINNED,
    enable_bgp: true,
    custom_bgp_addresses: { primary: "169.254.21.1", secondary: "169.254.21.5" },
  });
  expect(controller).toEqual({
    name: "demo-tokyo-azure",
    location: "japaneast",
    resource_group_name: "demo-japan",
    gateway_address: "198.51.100.10",
    bgp_settings: { asn: 65010, bgp_peering_address: "169.254.21.2" },
  });
});

test("with static routing gives the controller's prefixes and nothing of BGP", () => {
  const { controller, connection } = synth({ routing: "static" });
  expect(connection).toEqual({ ...PINNED, enable_bgp: false });
  expect(controller).toEqual({
    name: "demo-tokyo-azure",
    location: "japaneast",
    resource_group_name: "demo-japan",
    gateway_address: "198.51.100.10",
    address_space: ["10.0.2.0/24", "10.0.3.0/24"],
  });
});

test("with a policy gives the one prefix pair, seen from Azure", () => {
  const { connection } = synth({
    routing: "static",
    policyPrefix: "10.20.0.0/16" as Cidr,
    controller: { ...PROPS.controller, subnets: ["10.0.2.0/24" as Cidr] },
  });
  expect(connection).toEqual({
    ...PINNED,
    enable_bgp: false,
    use_policy_based_traffic_selectors: true,
    traffic_selector_policy: [{ local_address_cidrs: ["10.20.0.0/16"], remote_address_cidrs: ["10.0.2.0/24"] }],
  });
});

test("lets Azure begin where no NAT stands before the controller", () => {
  const { connection } = synth({ controller: { ...PROPS.controller, isBehindNat: false } });
  expect(connection.connection_mode).toBe("Default");
});

test("publishes what Azure has of both tunnels, with BGP", () => {
  const controller = expect.stringMatching(
    /^\$\{azurerm_local_network_gateway\.vpn_controller_\w+\.bgp_settings\[0\]\.bgp_peering_address\}$/,
  );
  const key = expect.stringMatching(
    /^\$\{azurerm_virtual_network_gateway_connection\.vpn_connection_\w+\.shared_key\}$/,
  );
  expect(synth().tunnels).toEqual([
    {
      cloudAddress: "192.0.2.1",
      cloudInsideAddress: expect.stringMatching(/\.custom_bgp_addresses\[0\]\.primary\}$/),
      controllerInsideAddress: controller,
      presharedKey: key,
    },
    {
      cloudAddress: "192.0.2.2",
      cloudInsideAddress: expect.stringMatching(/\.custom_bgp_addresses\[0\]\.secondary\}$/),
      controllerInsideAddress: controller,
      presharedKey: key,
    },
  ]);
});

test("publishes the planned inside addresses where Azure has none, with static routing", () => {
  const inside = synth({ routing: "static" }).tunnels.map((tunnel) => [
    tunnel.cloudInsideAddress,
    tunnel.controllerInsideAddress,
  ]);
  expect(inside).toEqual([
    ["169.254.21.1", "169.254.21.2"],
    ["169.254.21.5", "169.254.21.2"],
  ]);
});
