import { Testing } from "cdktf";
import type { Asn } from "../../../config/values/asn";
import { AzureExistingVpnGateway } from "../../../modules/azure/existing-vpn-gateway";

type Json = any;

function synth(bgpAsn?: Asn): Json {
  return JSON.parse(
    Testing.synthScope((scope) => {
      new AzureExistingVpnGateway(scope, "gateway", {
        resourceGroupName: "network",
        gatewayName: "research-gateway",
        publicIpNames: ["research-ip-1", "research-ip-2"],
        bgpAsn,
      });
    }),
  );
}

const checksOf = (json: Json): Json =>
  (Object.values(json.data.azurerm_virtual_network_gateway)[0] as Json).lifecycle.postcondition;

const ACTIVE_ACTIVE = {
  condition: "${self.active_active}",
  error_message:
    "The VPN gateway research-gateway must be active-active: each instance carries one tunnel of a connection.",
};

test("reads the gateway and its two addresses and makes nothing", () => {
  const json = synth();
  expect(json.resource).toBeUndefined();
  expect(Object.values(json.data.azurerm_virtual_network_gateway)).toMatchObject([
    { name: "research-gateway", resource_group_name: "network" },
  ]);
  expect(Object.values(json.data.azurerm_public_ip)).toEqual([
    { name: "research-ip-1", resource_group_name: "network" },
    { name: "research-ip-2", resource_group_name: "network" },
  ]);
});

test("without BGP checks only that the gateway is active-active", () => {
  expect(checksOf(synth())).toEqual([ACTIVE_ACTIVE]);
});

test("with BGP also checks that the gateway has it, with the site's ASN", () => {
  expect(checksOf(synth(65515 as Asn))).toEqual([
    ACTIVE_ACTIVE,
    {
      condition: "${self.enable_bgp && try(self.bgp_settings[0].asn == 65515, false)}",
      error_message: "The VPN gateway research-gateway must have BGP with ASN 65515, as the site file says.",
    },
  ]);
});
