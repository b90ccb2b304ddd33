import { Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { readFacts } from "../../config/read-facts";
import type { AzureNetwork } from "../../config/site";
import { AzureNetworkStack } from "../../stacks/azure-network-stack";

type Json = any;

const NEW_NETWORK = `
      cidr: 10.20.0.0/16
      gatewaySubnet: 10.20.255.0/27
      subnets: { default: { cidr: 10.20.2.0/24 }, second: { cidr: 10.20.3.0/24 } }`;

const EXISTING_NETWORK = `
      cidr: 10.20.0.0/16
      existing:
        resourceGroup: network
        vnetName: research
        securityGroupName: research-nsg
        gatewayName: research-gateway
        publicIpNames: [research-ip-1, research-ip-2]
      subnets: { default: { cidr: 10.20.2.0/24, subnetName: research-default } }`;

const MAIN = `main: { publicIp: 203.0.113.20, privateIp: 192.168.10.5, subnets: [192.168.10.0/24], asn: 65010, libreswan: "5.2" }`;
const SECOND = `second: { publicIp: 203.0.113.21, privateIp: 192.168.20.5, subnets: [192.168.20.0/24], asn: 65011, libreswan: "4.10" }`;

const MAIN_BGP = "main-azure: { controller: main, network: azure/japan, routing: bgp }";
const MAIN_STATIC = "main-azure: { controller: main, network: azure/japan, routing: static }";

const siteText = (network: string, controllers: string[], connections: string[]): string => `
site: campus
tags: { owner: network-team }
controllers:
  ${controllers.join("\n  ")}
networks:
  azure:
    japan:
      location: japaneast${network}
connections:
  ${connections.join("\n  ")}
`;

const ONE = siteText(NEW_NETWORK, [MAIN], [MAIN_BGP]);

function synth(text: string) {
  const site = parseSite(text, "site.yaml");
  const stack = new AzureNetworkStack(Testing.app(), "azure-japan", {
    site: site.name,
    network: site.networks.find(({ id }) => id === "azure/japan") as AzureNetwork,
    connections: site.connections,
    tags: { ...site.tags, site: site.name, "managed-by": "kakehashi" },
    backend: { type: "local", directory: "." },
  });
  const synthesised = Testing.synth(stack, true);
  return { site, text: synthesised, json: JSON.parse(synthesised) as Json };
}

const only = (resources: Json): Json => {
  const all = Object.values(resources ?? {});
  expect(all).toHaveLength(1);
  return all[0];
};

const named = (resources: Json, name: string): Json =>
  (Object.values(resources) as Json[]).find((resource) => resource.name === name);

const KEY = "k".repeat(48);

/** What Terraform would answer: addresses and keys made up, the rest looked up in what was synthesised. */
function deploy({ resource, output }: Json): string {
  const answer = (expression: string): string => {
    if (expression.endsWith(".shared_key}")) return KEY;
    if (expression.endsWith(".ip_address}")) return expression.includes("address-1") ? "192.0.2.1" : "192.0.2.2";
    const attribute = /^\$\{(\w+)\.([\w-]+)\.(\w+)(?:\[0\]\.(\w+))?\}$/.exec(expression);
    const [, type, id, name, nested] = attribute ?? [];
    const value = resource[type as string]?.[id as string]?.[name as string];
    return nested === undefined ? value : value[nested];
  };
  return JSON.stringify({ "azure-japan": output }, (_, value) => {
    if (value?.value?.version === 1) return value.value;
    return typeof value === "string" && value.startsWith("${") ? answer(value) : value;
  });
}

describe("a VNet that is made here", () => {
  const { json, text, site } = synth(ONE);

  test("has everything from the resource group to the connection", () => {
    const counts = Object.entries(json.resource).map(([type, all]) => [type, Object.keys(all as Json).length]);
    expect(Object.fromEntries(counts)).toEqual({
      azurerm_local_network_gateway: 1,
      azurerm_network_security_group: 1,
      azurerm_public_ip: 2,
      azurerm_resource_group: 1,
      azurerm_subnet: 3,
      azurerm_subnet_network_security_group_association: 2,
      azurerm_virtual_network: 1,
      azurerm_virtual_network_gateway: 1,
      azurerm_virtual_network_gateway_connection: 1,
      random_password: 1,
    });
  });

  test("puts the gateway into the GatewaySubnet, and the security group before the other subnets only", () => {
    const idOf = (name: string) =>
      Object.entries(json.resource.azurerm_subnet as Json).find(([, subnet]) => (subnet as Json).name === name)?.[0];
    const gateway = only(json.resource.azurerm_virtual_network_gateway);
    expect(gateway.ip_configuration.map((one: Json) => one.subnet_id)).toEqual(
      [1, 2].map(() => `\${azurerm_subnet.${idOf("GatewaySubnet")}.id}`),
    );
    const associations = Object.values(json.resource.azurerm_subnet_network_security_group_association) as Json[];
    expect(associations.map((one) => one.subnet_id)).toEqual(
      ["default", "second"].map((name) => `\${azurerm_subnet.${idOf(name)}.id}`),
    );
  });

  test("has the connection's BGP addresses among the gateway's", () => {
    const { peering_addresses } = only(json.resource.azurerm_virtual_network_gateway).bgp_settings;
    const { primary, secondary } = only(json.resource.azurerm_virtual_network_gateway_connection).custom_bgp_addresses;
    expect(peering_addresses.map((one: Json) => one.apipa_addresses)).toEqual([[primary], [secondary]]);
    expect(primary).not.toBe(secondary);
  });

  test("tags everything that can have tags", () => {
    const takesNoTags = new Set([
      "azurerm_subnet",
      "azurerm_subnet_network_security_group_association",
      "random_password",
    ]);
    const taggable = Object.entries(json.resource as Json).filter(([type]) => !takesNoTags.has(type));
    expect(taggable).toHaveLength(7);
    for (const [type, all] of taggable) {
      for (const resource of Object.values(all as Json) as Json[]) {
        expect({ type, tags: resource.tags }).toEqual({
          type,
          tags: { owner: "network-team", site: "campus", "managed-by": "kakehashi" },
        });
      }
    }
  });

  test("publishes facts that the generator takes, the tunnels' as sensitive", () => {
    expect([json.output.tunnel_facts.sensitive, json.output.network_facts.sensitive]).toEqual([true, undefined]);
    const facts = readFacts([{ name: "outputs.json", text: deploy(json) }], site);
    const tunnels = site.connections[0]?.tunnels;
    const fact = (number: 1 | 2) => ({
      cloudAddress: `192.0.2.${number}`,
      cloudInsideAddress: tunnels?.[number - 1]?.cloudInsideAddress,
      controllerInsideAddress: tunnels?.[0]?.controllerInsideAddress,
      presharedKey: KEY,
      pskEpoch: 1,
    });
    expect(facts.connections.get("main-azure")).toEqual({
      controller: "main",
      network: "azure/japan",
      tunnels: { 1: fact(1), 2: fact(2) },
    });
    expect(facts.networks.get("azure/japan")).toEqual({
      version: 1,
      network: "azure/japan",
      securityGroup: "campus-japan-vc-nodes",
      resourceGroup: "campus-japan",
      virtualNetwork: "campus-japan",
      subnets: { default: "default", second: "second" },
    });
  });

  test("pins its providers", () => {
    const versions = Object.values(json.terraform.required_providers).map((provider) => (provider as Json).version);
    expect(versions).toHaveLength(2);
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("holds nothing that looks like a key", () => {
    expect(text.match(/[A-Za-z0-9]{40,}/g)).toBeNull();
  });
});

describe("variants", () => {
  const SECOND_BGP = "a-second: { controller: second, network: azure/japan, routing: bgp }";

  test("two BGP connections each have their addresses on both instances", () => {
    const { json } = synth(siteText(NEW_NETWORK, [MAIN, SECOND], [MAIN_BGP, SECOND_BGP]));
    const connections = ["main-azure", "a-second"].map((key) =>
      named(json.resource.azurerm_virtual_network_gateway_connection, `campus-${key}`),
    );
    const gateway = only(json.resource.azurerm_virtual_network_gateway);
    expect(gateway.bgp_settings.peering_addresses.map((one: Json) => one.apipa_addresses)).toEqual([
      connections.map((one) => one.custom_bgp_addresses.primary),
      connections.map((one) => one.custom_bgp_addresses.secondary),
    ]);
    expect(new Set(connections.map((one) => one.shared_key)).size).toBe(2);
    const addressOf = (key: string) =>
      named(json.resource.azurerm_local_network_gateway, `campus-${key}`).gateway_address;
    expect([addressOf("main-azure"), addressOf("a-second")]).toEqual(["203.0.113.20", "203.0.113.21"]);
  });

  test("a static connection beside a BGP one has no address on the gateway", () => {
    const { json } = synth(siteText(NEW_NETWORK, [MAIN, SECOND], [MAIN_STATIC, SECOND_BGP]));
    const gateway = only(json.resource.azurerm_virtual_network_gateway);
    expect(gateway.bgp_settings.peering_addresses.map((one: Json) => one.apipa_addresses.length)).toEqual([1, 1]);
  });

  test("without a BGP connection the gateway has no BGP, and the facts still have the inside addresses", () => {
    const { json, site } = synth(siteText(NEW_NETWORK, [MAIN], [MAIN_STATIC]));
    expect(only(json.resource.azurerm_virtual_network_gateway).enable_bgp).toBe(false);
    expect(readFacts([{ name: "outputs.json", text: deploy(json) }], site).connections.size).toBe(1);
  });

  test("adding a connection leaves the others' resources as they are", () => {
    const two = siteText(NEW_NETWORK, [SECOND, MAIN], [SECOND_BGP, MAIN_BGP]);
    const [before, after] = [synth(ONE).json.resource, synth(two).json.resource];
    // One for the whole VNet, and so longer by the new prefixes and addresses.
    const shared = new Set(["azurerm_network_security_group", "azurerm_virtual_network_gateway"]);
    for (const [type, all] of Object.entries(before as Json)) {
      for (const [id, resource] of Object.entries(all as Json)) {
        expect({ type, id, resource: after[type][id] }).toEqual({
          type,
          id,
          resource: shared.has(type) ? expect.anything() : resource,
        });
      }
    }
  });

  test("raising both tunnels' pskEpoch makes a new key for the connection", () => {
    const epochOf = (text: string) => only(synth(text).json.resource.random_password).keepers.epoch;
    const raised = MAIN_BGP.replace(
      "routing: bgp",
      "routing: bgp, tunnels: { 1: { pskEpoch: 2 }, 2: { pskEpoch: 2 } }",
    );
    expect([epochOf(ONE), epochOf(siteText(NEW_NETWORK, [MAIN], [raised]))]).toEqual(["1", "2"]);
  });

  test("a key of the user's own is a sensitive variable", () => {
    const own = "routing: bgp, tunnels: { 1: { psk: env:OWN_KEY }, 2: { psk: env:OWN_KEY } }";
    const { json } = synth(siteText(NEW_NETWORK, [MAIN], [MAIN_BGP.replace("routing: bgp", own)]));
    expect(json.variable.OWN_KEY).toMatchObject({ sensitive: true });
    expect(only(json.resource.azurerm_virtual_network_gateway_connection).shared_key).toBe("${var.OWN_KEY}");
    expect(json.resource.random_password).toBeUndefined();
  });

  test.each([
    ["BGP", MAIN_BGP, 2],
    ["static", MAIN_STATIC, 1],
  ])("an existing VNet's gateway gets the %s connection and nothing else is managed", (_, connection, checks) => {
    const { json, site } = synth(siteText(EXISTING_NETWORK, [MAIN], [connection]));
    expect(Object.keys(json.resource).sort()).toEqual([
      "azurerm_local_network_gateway",
      "azurerm_virtual_network_gateway_connection",
      "random_password",
    ]);
    const [[gatewayId, gateway]] = Object.entries(json.data.azurerm_virtual_network_gateway) as [[string, Json]];
    expect(gateway.lifecycle.postcondition).toHaveLength(checks);
    expect(only(json.resource.azurerm_virtual_network_gateway_connection)).toMatchObject({
      resource_group_name: "network",
      virtual_network_gateway_id: `\${data.azurerm_virtual_network_gateway.${gatewayId}.id}`,
    });
    const facts = readFacts([{ name: "outputs.json", text: deploy(json) }], site);
    expect(facts.connections.get("main-azure")?.tunnels[2].cloudAddress).toBe("192.0.2.2");
    expect(facts.networks.get("azure/japan")).toEqual({
      version: 1,
      network: "azure/japan",
      securityGroup: "research-nsg",
      resourceGroup: "network",
      virtualNetwork: "research",
      subnets: { default: "research-default" },
    });
  });
});
