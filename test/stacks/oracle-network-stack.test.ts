import { Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { readFacts } from "../../config/read-facts";
import type { OracleNetwork } from "../../config/site";
import { OracleNetworkStack } from "../../stacks/oracle-network-stack";

type Json = any;

const NEW_NETWORK = `
      cidr: 10.10.0.0/16
      subnets:
        default: { cidr: 10.10.2.0/24, availabilityDomain: "aBCD:AP-TOKYO-1-AD-1" }
        second: { cidr: 10.10.3.0/24, availabilityDomain: "aBCD:AP-TOKYO-1-AD-1" }`;

const EXISTING_NETWORK = `
      cidr: 10.10.0.0/16
      existing: { vcnId: ocid1.vcn.oc1.ap-tokyo-1.aaaavcn, drgId: ocid1.drg.oc1.ap-tokyo-1.aaaadrg }
      subnets:
        default: { cidr: 10.10.2.0/24, availabilityDomain: "aBCD:AP-TOKYO-1-AD-1", subnetId: ocid1.subnet.oc1.ap-tokyo-1.aaaasubnet }`;

const MAIN = `main: { publicIp: 203.0.113.20, privateIp: 192.168.10.5, subnets: [192.168.10.0/24], asn: 65010, libreswan: "5.2" }`;
const SECOND = `second: { publicIp: 203.0.113.21, privateIp: 192.168.20.5, subnets: [192.168.20.0/24], asn: 65011, libreswan: "4.10" }`;

const siteText = (network: string, controllers: string[], connections: string[]): string => `
site: campus
tags: { owner: network-team }
controllers:
  ${controllers.join("\n  ")}
networks:
  oracle:
    tokyo:
      region: ap-tokyo-1
      tenancyId: ocid1.tenancy.oc1..aaaatenancy
      compartmentId: ocid1.compartment.oc1..aaaacompartment${network}
connections:
  ${connections.join("\n  ")}
`;

const ONE = siteText(NEW_NETWORK, [MAIN], ["main-oracle: { controller: main, network: oracle/tokyo, routing: bgp }"]);

function synth(text: string) {
  const site = parseSite(text, "site.yaml");
  const stack = new OracleNetworkStack(Testing.app(), "oracle-tokyo", {
    site: site.name,
    network: site.networks.find(({ id }) => id === "oracle/tokyo") as OracleNetwork,
    connections: site.connections,
    tags: { ...site.tags, site: site.name, "managed-by": "kakehashi" },
    backend: { type: "local", directory: "." },
  });
  const synthesised = Testing.synth(stack, true);
  return { site, text: synthesised, json: JSON.parse(synthesised) as Json };
}

const variant = (...changes: [string, string][]): string =>
  changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, ONE);

const KEY = "k".repeat(48);

/** What Terraform would answer: `vpn_ip` and keys made up, the rest looked up in what was synthesised. */
function deploy({ resource, output }: Json): string {
  const answer = (expression: string): string => {
    if (expression.endsWith(".shared_secret}")) return KEY;
    if (expression.endsWith(".vpn_ip}")) return expression.includes("tunnel-1") ? "192.0.2.1" : "192.0.2.2";
    const inside =
      /^\$\{element\(split\("\/", oci_core_ipsec_connection_tunnel_management\.([\w-]+)\.bgp_session_info\[0\]\.(\w+)\), 0\)\}$/;
    const [, id, attribute] = inside.exec(expression) ?? [];
    if (id === undefined || attribute === undefined) return `ocid1.of.${expression.replace(/\W/g, "")}`;
    return resource.oci_core_ipsec_connection_tunnel_management[id].bgp_session_info[attribute].split("/")[0];
  };
  return JSON.stringify({ "oracle-tokyo": output }, (_, value) => {
    if (value?.value?.version === 1) return value.value;
    return typeof value === "string" && value.startsWith("${") ? answer(value) : value;
  });
}

describe("a VCN that is made here", () => {
  const { json, text, site } = synth(ONE);

  test("has everything from the CPE to the subnets", () => {
    const counts = Object.entries(json.resource).map(([type, all]) => [type, Object.keys(all as Json).length]);
    expect(Object.fromEntries(counts)).toEqual({
      oci_core_cpe: 1,
      oci_core_default_security_list: 1,
      oci_core_drg: 1,
      oci_core_drg_attachment: 1,
      oci_core_drg_route_distribution: 1,
      oci_core_drg_route_distribution_statement: 1,
      oci_core_drg_route_table: 1,
      oci_core_ipsec: 1,
      oci_core_ipsec_connection_tunnel_management: 2,
      oci_core_network_security_group: 1,
      oci_core_network_security_group_security_rule: 13,
      oci_core_route_table: 1,
      oci_core_security_list: 1,
      oci_core_subnet: 2,
      oci_core_vcn: 1,
      random_password: 2,
    });
  });

  test("tags everything that can have tags", () => {
    const takesNoTags = new Set([
      "oci_core_drg_route_distribution_statement",
      "oci_core_ipsec_connection_tunnel_management",
      "oci_core_network_security_group_security_rule",
      "random_password",
    ]);
    const taggable = Object.entries(json.resource as Json).filter(([type]) => !takesNoTags.has(type));
    expect(taggable).toHaveLength(12);
    for (const [type, all] of taggable) {
      for (const resource of Object.values(all as Json) as Json[]) {
        expect({ type, tags: resource.freeform_tags }).toEqual({
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
      controllerInsideAddress: tunnels?.[number - 1]?.controllerInsideAddress,
      presharedKey: KEY,
      pskEpoch: 1,
    });
    expect(facts.connections.get("main-oracle")).toEqual({
      controller: "main",
      network: "oracle/tokyo",
      tunnels: { 1: fact(1), 2: fact(2) },
    });
    expect(facts.networks.get("oracle/tokyo")).toEqual({
      version: 1,
      network: "oracle/tokyo",
      securityGroup: expect.stringContaining("oci_core_network_security_group"),
      subnets: {
        default: expect.stringContaining("subnetdefault"),
        second: expect.stringContaining("subnetsecond"),
      },
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
  test("two connections each have their CPE, their tunnels and their routes on one DRG", () => {
    const { json } = synth(
      siteText(
        NEW_NETWORK,
        [MAIN, SECOND],
        [
          "main-oracle: { controller: main, network: oracle/tokyo, routing: bgp }",
          "second-oracle: { controller: second, network: oracle/tokyo, routing: static }",
        ],
      ),
    );
    const all = (type: string): Json[] => Object.values(json.resource[type]);
    expect(all("oci_core_cpe").map((cpe) => cpe.ip_address)).toEqual(["203.0.113.20", "203.0.113.21"]);
    expect(new Set(all("oci_core_ipsec").map((ipsec) => ipsec.drg_id)).size).toBe(1);
    expect(all("oci_core_ipsec_connection_tunnel_management").map((tunnel) => tunnel.routing)).toEqual([
      "BGP",
      "BGP",
      "STATIC",
      "STATIC",
    ]);
    expect(all("oci_core_route_table")[0].route_rules.map((rule: Json) => rule.destination)).toEqual([
      "192.168.10.0/24",
      "192.168.20.0/24",
    ]);
  });

  test("adding a connection leaves the others' resources as they are", () => {
    const two = siteText(
      NEW_NETWORK,
      [SECOND, MAIN],
      [
        "a-second: { controller: second, network: oracle/tokyo, routing: bgp }",
        "main-oracle: { controller: main, network: oracle/tokyo, routing: bgp }",
      ],
    );
    const [before, after] = [synth(ONE).json.resource, synth(two).json.resource];
    // One for the whole VCN, and so longer by the new prefixes.
    const shared = new Set(["oci_core_route_table", "oci_core_security_list"]);
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

  test.each([
    ["active-active", true],
    ["active-standby", false],
  ])("with balance %s the DRG spreads over the tunnels: %s", (balance, isEcmpEnabled) => {
    const { json } = synth(variant(["routing: bgp", `routing: bgp, balance: ${balance}`]));
    const [table] = Object.values(json.resource.oci_core_drg_route_table) as Json[];
    expect(table.is_ecmp_enabled).toBe(isEcmpEnabled);
  });

  test("a policy-based connection has its one prefix pair, seen from OCI, and facts that the generator takes", () => {
    const { json, site } = synth(variant(["routing: bgp", "routing: static, mode: policy-based"]));
    const tunnels = Object.values(json.resource.oci_core_ipsec_connection_tunnel_management) as Json[];
    expect(tunnels.map((tunnel) => tunnel.encryption_domain_config)).toEqual(
      [1, 2].map(() => ({ cpe_traffic_selector: ["192.168.10.0/24"], oracle_traffic_selector: ["10.10.0.0/16"] })),
    );
    expect(readFacts([{ name: "outputs.json", text: deploy(json) }], site).connections.size).toBe(1);
  });

  test("raising one tunnel's pskEpoch changes that tunnel's key alone", () => {
    const epochs = (text: string) =>
      Object.entries(synth(text).json.resource.random_password as Json).map(([id, key]: Json) => [
        id,
        key.keepers.epoch,
      ]);
    const after = epochs(variant(["routing: bgp", "routing: bgp, tunnels: { 2: { pskEpoch: 2 } }"]));
    expect(after).toEqual(epochs(ONE).map(([id, epoch]) => [id, /oracle-2/.test(id) ? "2" : epoch]));
  });

  test("a key of the user's own is a sensitive variable", () => {
    const { json } = synth(variant(["routing: bgp", "routing: bgp, tunnels: { 1: { psk: env:OWN_KEY } }"]));
    expect(json.variable.OWN_KEY).toMatchObject({ sensitive: true });
    const tunnels = Object.values(json.resource.oci_core_ipsec_connection_tunnel_management) as Json[];
    expect(tunnels.map((tunnel) => tunnel.shared_secret)).toEqual([
      "${var.OWN_KEY}",
      expect.stringMatching(/^\$\{random_password\.key-main-oracle-2_\w+\.result\}$/),
    ]);
  });

  test("an existing VCN gets the connection and nothing of its own is managed", () => {
    const { json, site } = synth(
      siteText(EXISTING_NETWORK, [MAIN], ["main-oracle: { controller: main, network: oracle/tokyo, routing: bgp }"]),
    );
    expect(Object.keys(json.resource).sort()).toEqual([
      "oci_core_cpe",
      "oci_core_ipsec",
      "oci_core_ipsec_connection_tunnel_management",
      "random_password",
    ]);
    const [ipsec] = Object.values(json.resource.oci_core_ipsec) as Json[];
    expect(ipsec.drg_id).toBe("ocid1.drg.oc1.ap-tokyo-1.aaaadrg");
    expect(readFacts([{ name: "outputs.json", text: deploy(json) }], site).networks.get("oracle/tokyo")).toEqual({
      version: 1,
      network: "oracle/tokyo",
      subnets: { default: "ocid1.subnet.oc1.ap-tokyo-1.aaaasubnet" },
    });
  });
});
