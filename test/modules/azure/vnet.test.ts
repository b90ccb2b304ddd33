import { Testing } from "cdktf";
import type { Cidr } from "../../../config/values/cidr";
import { AzureVnet } from "../../../modules/azure/vnet";

test("has the user's subnets under their own keys, and the gateway's under the name that Azure looks for", () => {
  let keys: string[] = [];
  const { resource } = JSON.parse(
    Testing.synthScope((scope) => {
      const vnet = new AzureVnet(scope, "network", {
        name: "demo-japan",
        location: "japaneast",
        resourceGroupName: "demo-japan",
        cidr: "10.20.0.0/16" as Cidr,
        gatewaySubnet: "10.20.255.0/27" as Cidr,
        subnets: [{ key: "default", cidr: "10.20.2.0/24" as Cidr }],
      });
      keys = Object.keys(vnet.subnets);
    }),
  );
  const [[vnetId, vnet]] = Object.entries(resource.azurerm_virtual_network) as [[string, object]];
  expect(vnet).toMatchObject({ name: "demo-japan", address_space: ["10.20.0.0/16"] });
  const common = {
    resource_group_name: "demo-japan",
    virtual_network_name: `\${azurerm_virtual_network.${vnetId}.name}`,
  };
  expect(Object.values(resource.azurerm_subnet)).toEqual([
    { ...common, name: "GatewaySubnet", address_prefixes: ["10.20.255.0/27"] },
    { ...common, name: "default", address_prefixes: ["10.20.2.0/24"] },
  ]);
  expect(keys).toEqual(["default"]);
});
