import { Testing } from "cdktf";
import type { Asn } from "../../../config/values/asn";
import type { IpAddress } from "../../../config/values/ip-address";
import { AzureVpnGateway, type AzureVpnGatewayProps } from "../../../modules/azure/vpn-gateway";

type Json = any;

const PAIRS = [
  ["169.254.21.1", "169.254.21.5"],
  ["169.254.22.1", "169.254.22.5"],
] as unknown as [IpAddress, IpAddress][];

function synth(changes: Partial<AzureVpnGatewayProps> = {}) {
  const { resource }: Json = JSON.parse(
    Testing.synthScope((scope) => {
      new AzureVpnGateway(scope, "gateway", {
        name: "demo-japan",
        location: "japaneast",
        resourceGroupName: "demo-japan",
        subnetId: "/subnets/GatewaySubnet",
        sku: "VpnGw1AZ",
        asn: 65515 as Asn,
        bgpAddresses: PAIRS,
        ...changes,
      });
    }),
  );
  const addresses = Object.entries(resource.azurerm_public_ip) as [string, Json][];
  return { gateway: Object.values(resource.azurerm_virtual_network_gateway)[0] as Json, addresses };
}

test("is route-based, active-active and has a zone-redundant static address an instance", () => {
  const { gateway, addresses } = synth();
  expect(gateway).toMatchObject({
    type: "Vpn",
    vpn_type: "RouteBased",
    active_active: true,
    sku: "VpnGw1AZ",
    generation: "Generation1",
    ip_configuration: addresses.map(([id], instance) => ({
      name: `instance-${instance + 1}`,
      public_ip_address_id: `\${azurerm_public_ip.${id}.id}`,
      subnet_id: "/subnets/GatewaySubnet",
      private_ip_address_allocation: "Dynamic",
    })),
    timeouts: { create: "90m", update: "90m", delete: "90m" },
  });
  expect(addresses.map(([, address]) => address)).toEqual(
    [1, 2].map((instance) => ({
      name: `demo-japan-${instance}`,
      location: "japaneast",
      resource_group_name: "demo-japan",
      sku: "Standard",
      allocation_method: "Static",
      zones: ["1", "2", "3"],
    })),
  );
});

test("gives each instance one inside address a BGP connection, tunnel 1's to the first and tunnel 2's to the second", () => {
  expect(synth().gateway).toMatchObject({
    enable_bgp: true,
    bgp_settings: {
      asn: 65515,
      peering_addresses: [
        { ip_configuration_name: "instance-1", apipa_addresses: ["169.254.21.1", "169.254.22.1"] },
        { ip_configuration_name: "instance-2", apipa_addresses: ["169.254.21.5", "169.254.22.5"] },
      ],
    },
  });
});

test("has no BGP where no connection has", () => {
  const { gateway } = synth({ bgpAddresses: [] });
  expect(gateway.enable_bgp).toBe(false);
  expect(gateway).not.toHaveProperty("bgp_settings");
});

test.each([
  ["VpnGw1AZ", "Generation1"],
  ["VpnGw2AZ", "Generation2"],
  ["VpnGw3AZ", "Generation2"],
  ["VpnGw4AZ", "Generation2"],
  ["VpnGw5AZ", "Generation2"],
])("has %s in %s", (sku, generation) => {
  expect(synth({ sku }).gateway).toMatchObject({ sku, generation });
});
