import { Testing } from "cdktf";
import type { Cidr } from "../../../config/values/cidr";
import { AzureVcNodeSecurity } from "../../../modules/azure/vc-node-security";

type Json = any;

function synth(sitePrefixes = ["10.0.2.0/24", "10.0.3.0/24"]) {
  const { resource }: Json = JSON.parse(
    Testing.synthScope((scope) => {
      new AzureVcNodeSecurity(scope, "vc-nodes", {
        name: "demo-japan",
        location: "japaneast",
        resourceGroupName: "demo-japan",
        cidr: "10.20.0.0/16" as Cidr,
        sitePrefixes: sitePrefixes as Cidr[],
        subnetIds: { default: "/subnets/default", second: "/subnets/second" },
      });
    }),
  );
  const [[groupId, group]] = Object.entries(resource.azurerm_network_security_group) as [[string, Json]];
  return { groupId, rules: group.security_rule as Json[], resource };
}

const toText = (rule: Json): string =>
  `${rule.priority} ${rule.access} ${rule.protocol} ${rule.destination_port_range} from ${rule.source_address_prefix ?? rule.source_address_prefixes.join(",")}`;

test("lets in ping and the VC controller's ports from the site, everything within the VNet, and refuses the rest of what the gateway knows", () => {
  const site = "10.0.2.0/24,10.0.3.0/24";
  expect(synth().rules.map(toText)).toEqual([
    "100 Allow * * from 10.20.0.0/16",
    `110 Allow Icmp * from ${site}`,
    `120 Allow Tcp 22 from ${site}`,
    `130 Allow Tcp 20022 from ${site}`,
    `140 Allow Tcp 2375 from ${site}`,
    `150 Allow Tcp 7373 from ${site}`,
    `160 Allow Tcp 7946-7947 from ${site}`,
    `170 Allow Udp 7946-7947 from ${site}`,
    `180 Allow Udp 5353 from ${site}`,
    `190 Allow Tcp 9100 from ${site}`,
    `200 Allow Tcp 9400 from ${site}`,
    `210 Allow Tcp 9445 from ${site}`,
    `220 Allow Tcp 18083 from ${site}`,
    "4096 Deny * * from VirtualNetwork",
  ]);
});

test("has every field that Azure asks for, and names that are unique whatever their case", () => {
  const { rules } = synth();
  for (const rule of rules) {
    expect(rule).toMatchObject({ direction: "Inbound", source_port_range: "*", destination_address_prefix: "*" });
    expect(rule.name).toMatch(/^[a-z0-9][a-z0-9-]{0,78}[a-z0-9]$/);
    expect(rule.description.length).toBeLessThanOrEqual(140);
  }
  expect(new Set(rules.map((rule) => rule.name)).size).toBe(rules.length);
});

test("stands before each of the subnets", () => {
  const { groupId, resource } = synth();
  expect(Object.values(resource.azurerm_subnet_network_security_group_association)).toEqual(
    ["/subnets/default", "/subnets/second"].map((subnet_id) => ({
      subnet_id,
      network_security_group_id: `\${azurerm_network_security_group.${groupId}.id}`,
    })),
  );
});
