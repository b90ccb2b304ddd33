import { readFileSync } from "node:fs";
import { Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import type { AwsNetwork } from "../../config/site";
import { AwsNetworkStack } from "../../stacks/aws-network-stack";

const EXAMPLE = readFileSync("examples/aws-only/site.yaml", "utf8");

interface Json {
  [key: string]: Json;
}

function synth(siteText: string, networkId = "aws/tokyo"): { json: any; text: string } {
  const site = parseSite(siteText, "site.yaml");
  const network = site.networks.find(({ id }) => id === networkId) as AwsNetwork;
  const stack = new AwsNetworkStack(Testing.app(), "aws-tokyo", {
    site: site.name,
    network,
    connections: site.connections.filter((connection) => connection.network.id === networkId),
    tags: { site: site.name, "managed-by": "kakehashi" },
    backend: { type: "local", directory: "." },
  });
  const text = Testing.synth(stack, true);
  return { json: JSON.parse(text), text };
}

const only = (resources: Json | undefined): any => {
  const all = Object.values(resources ?? {});
  expect(all).toHaveLength(1);
  return all[0];
};

describe("a VPC that is made here", () => {
  const { json, text } = synth(EXAMPLE);

  test("has a VPN connection with every option of both tunnels pinned", () => {
    const vpn = only(json.resource.aws_vpn_connection);
    for (const tunnel of ["tunnel1", "tunnel2"]) {
      const options = Object.fromEntries(
        Object.entries(vpn)
          .filter(([key]) => key.startsWith(`${tunnel}_`))
          .map(([key, value]) => [key.slice(tunnel.length + 1), value]),
      );
      expect(options).toEqual({
        inside_cidr: expect.stringMatching(/^169\.254\.\d+\.\d+\/30$/),
        preshared_key: expect.stringMatching(/^\$\{random_password\.key-main-aws-[12]_key_\w+\.result\}$/),
        ike_versions: ["ikev2"],
        phase1_encryption_algorithms: ["AES256-GCM-16"],
        phase1_integrity_algorithms: ["SHA2-384"],
        phase1_dh_group_numbers: [20],
        phase1_lifetime_seconds: 28800,
        phase2_encryption_algorithms: ["AES256-GCM-16"],
        phase2_dh_group_numbers: [20],
        phase2_lifetime_seconds: 3600,
        rekey_margin_time_seconds: 270,
        rekey_fuzz_percentage: 100,
        replay_window_size: 1024,
        dpd_timeout_seconds: 30,
        dpd_timeout_action: "clear",
        startup_action: "add",
        log_options: {
          cloudwatch_log_options: {
            bgp_log_enabled: true,
            bgp_log_group_arn: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\./),
            bgp_log_output_format: "json",
            log_enabled: true,
            log_group_arn: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\./),
            log_output_format: "json",
          },
        },
      });
    }
    expect(vpn).toMatchObject({ type: "ipsec.1", static_routes_only: false });
    expect(vpn.tunnel1_inside_cidr).not.toBe(vpn.tunnel2_inside_cidr);
    expect(vpn.tunnel1_preshared_key).not.toBe(vpn.tunnel2_preshared_key);
  });

  test("lets nothing in from everywhere", () => {
    const rules = Object.values(json.resource.aws_vpc_security_group_ingress_rule) as any[];
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter((rule) => rule.cidr_ipv4 === "0.0.0.0/0")).toEqual([]);
    expect(new Set(rules.map((rule) => rule.cidr_ipv4 ?? "itself"))).toEqual(new Set(["192.168.10.0/24", "itself"]));
    expect(rules.map((rule) => `${rule.ip_protocol} ${rule.from_port}-${rule.to_port}`)).toEqual(
      expect.arrayContaining([
        "icmp -1--1",
        "tcp 22-22",
        "tcp 20022-20022",
        "tcp 2375-2375",
        "tcp 7373-7373",
        "tcp 7946-7947",
        "udp 7946-7947",
        "tcp 9100-9100",
      ]),
    );
  });

  test("learns the site's prefixes in every route table", () => {
    const tables = Object.keys(json.resource.aws_route_table);
    const propagations = Object.values(json.resource.aws_vpn_gateway_route_propagation) as any[];
    expect(propagations.map(({ route_table_id }) => route_table_id).sort()).toEqual(
      tables.map((id) => `\${aws_route_table.${id}.id}`).sort(),
    );
  });

  test("has the NAT gateway in the public subnet and the private ones' default route through it", () => {
    expect(only(json.resource.aws_nat_gateway).subnet_id).toMatch(/^\$\{aws_subnet\.network_subnet-public_/);
    expect(Object.values(json.resource.aws_route)).toContainEqual(
      expect.objectContaining({ destination_cidr_block: "0.0.0.0/0", nat_gateway_id: expect.any(String) }),
    );
  });

  test("tags everything that can have tags", () => {
    for (const [type, resources] of Object.entries(json.resource as Json)) {
      for (const resource of Object.values(resources) as any[]) {
        const takesNoTags = [
          "aws_route",
          "aws_route_table_association",
          "aws_vpn_gateway_route_propagation",
          "random_password",
        ].includes(type);
        if (!takesNoTags)
          expect({ type, tags: resource.tags }).toMatchObject({
            type,
            tags: { site: "campus", "managed-by": "kakehashi" },
          });
      }
    }
  });

  test("publishes facts in the contract's shape, the tunnels' as sensitive", () => {
    expect(json.output.tunnel_facts.sensitive).toBe(true);
    expect(json.output.tunnel_facts.value).toEqual({
      version: 1,
      stack: "aws-tokyo",
      connections: {
        "main-aws": {
          controller: "main",
          network: "aws/tokyo",
          tunnels: Object.fromEntries(
            [1, 2].map((number) => [
              number,
              {
                cloudAddress: expect.stringMatching(`\\.tunnel${number}_address\\}$`),
                cloudInsideAddress: expect.stringMatching(`\\.tunnel${number}_vgw_inside_address\\}$`),
                controllerInsideAddress: expect.stringMatching(`\\.tunnel${number}_cgw_inside_address\\}$`),
                presharedKey: expect.stringMatching(`\\.tunnel${number}_preshared_key\\}$`),
                pskEpoch: 1,
              },
            ]),
          ),
        },
      },
    });
    expect(json.output.network_facts.value).toMatchObject({
      version: 1,
      network: "aws/tokyo",
      subnets: { public: expect.any(String), default: expect.any(String) },
    });
  });

  test("pins its providers", () => {
    for (const provider of Object.values(json.terraform.required_providers) as any[])
      expect(provider.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("holds nothing that looks like a key", () => {
    expect(text.match(/[A-Za-z0-9]{40,}/g)).toBeNull();
  });
});

const variant = (...changes: [string, string][]): string =>
  changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, EXAMPLE);

describe("variants", () => {
  test("a controller that AWS can reach is started by AWS too", () => {
    const { json } = synth(
      variant(
        ["publicIp: 203.0.113.20 ", "publicIp: 203.0.113.20 "],
        ["privateIp: 192.168.10.5", "privateIp: 203.0.113.20"],
        ["behindNat: true", "behindNat: false"],
      ),
    );
    expect(only(json.resource.aws_vpn_connection)).toMatchObject({
      tunnel1_startup_action: "start",
      tunnel2_dpd_timeout_action: "restart",
    });
  });

  test("static routing gives AWS the site's prefixes and no BGP log", () => {
    const { json } = synth(variant(["routing: bgp", "routing: static"]));
    expect(only(json.resource.aws_vpn_connection)).toMatchObject({
      static_routes_only: true,
      tunnel1_log_options: { cloudwatch_log_options: { bgp_log_enabled: false } },
    });
    expect(only(json.resource.aws_vpn_connection_route)).toMatchObject({ destination_cidr_block: "192.168.10.0/24" });
  });

  test("a policy-based connection has its one prefix pair, seen from AWS", () => {
    const { json } = synth(variant(["routing: bgp", "routing: static, mode: policy-based"]));
    expect(only(json.resource.aws_vpn_connection)).toMatchObject({
      local_ipv4_network_cidr: "192.168.10.0/24",
      remote_ipv4_network_cidr: "172.30.0.0/16",
    });
  });

  test("a Transit Gateway is attached in one subnet a zone and every table is told the way", () => {
    const { json } = synth(variant(["cidr: 172.30.0.0/16", "cidr: 172.30.0.0/16\n      gateway: transit"]));
    expect(json.resource.aws_vpn_gateway).toBeUndefined();
    expect(only(json.resource.aws_ec2_transit_gateway_vpc_attachment).subnet_ids).toEqual([
      expect.stringMatching(/subnet-default_/),
    ]);
    expect(
      (Object.values(json.resource.aws_route) as any[])
        .filter((route) => route.transit_gateway_id)
        .map((route) => route.destination_cidr_block),
    ).toEqual(["192.168.10.0/24", "192.168.10.0/24"]);
    const attachment = Object.keys(json.resource.aws_ec2_transit_gateway_vpc_attachment)[0];
    for (const route of Object.values(json.resource.aws_route) as any[]) {
      if (route.transit_gateway_id) {
        expect(route.depends_on).toEqual([`aws_ec2_transit_gateway_vpc_attachment.${attachment}`]);
      }
    }
    expect(only(json.resource.aws_vpn_connection).transit_gateway_id).toBeDefined();
  });

  test("static routing on a Transit Gateway is a route of the gateway's own table", () => {
    const { json } = synth(
      variant(
        ["cidr: 172.30.0.0/16", "cidr: 172.30.0.0/16\n      gateway: transit"],
        ["routing: bgp", "routing: static"],
      ),
    );
    expect(only(json.resource.aws_ec2_transit_gateway_route)).toMatchObject({
      destination_cidr_block: "192.168.10.0/24",
    });
    expect(json.resource.aws_vpn_connection_route).toBeUndefined();
  });

  test("a key of the user's own is a sensitive variable that both tunnels may share", () => {
    const { json } = synth(
      variant(["routing: bgp", "routing: bgp, tunnels: { 1: { psk: env:OWN_KEY }, 2: { psk: env:OWN_KEY } }"]),
    );
    expect(json.variable.OWN_KEY).toMatchObject({ type: "string", sensitive: true, nullable: false });
    expect(only(json.resource.aws_vpn_connection)).toMatchObject({
      tunnel1_preshared_key: "${var.OWN_KEY}",
      tunnel2_preshared_key: "${var.OWN_KEY}",
    });
    expect(json.resource.random_password).toBeUndefined();
  });

  test("raising one tunnel's pskEpoch changes that tunnel's key alone", () => {
    const keepers = (text: string) =>
      Object.entries(synth(text).json.resource.random_password).map(([id, key]: any) => [id, key.keepers.epoch]);
    const [before, after] = [
      keepers(EXAMPLE),
      keepers(variant(["routing: bgp", "routing: bgp, tunnels: { 2: { pskEpoch: 2 } }"])),
    ];
    expect(after).toEqual(before.map(([id, epoch]) => [id, /aws-2/.test(id) ? "2" : epoch]));
  });

  test("an ASN of 32 bits goes where AWS wants it", () => {
    const gateway = (asn: number) =>
      only(synth(variant(["asn: 65010", `asn: ${asn}`])).json.resource.aws_customer_gateway);
    expect(gateway(2147483647)).toMatchObject({ bgp_asn: "2147483647" });
    expect(gateway(4200000001)).toMatchObject({ bgp_asn_extended: "4200000001" });
  });

  test("an existing VPC gets the connection and nothing of its own is managed", () => {
    const text = `
site: campus
controllers:
  main: { publicIp: 203.0.113.20, privateIp: 192.168.10.5, subnets: [192.168.10.0/24], asn: 65010, libreswan: "5.2" }
networks:
  aws:
    tokyo:
      region: ap-northeast-1
      cidr: 172.30.0.0/16
      existing: { vpcId: vpc-0123456789abcdef0, vpnGatewayId: vgw-0123456789abcdef0, securityGroupId: sg-0123456789abcdef0 }
      subnets: { default: { cidr: 172.30.2.0/24, availabilityZone: ap-northeast-1a, subnetId: subnet-0123456789abcdef0 } }
connections:
  main-aws: { controller: main, network: aws/tokyo, routing: bgp }
`;
    const { json } = synth(text);
    expect(Object.keys(json.resource).sort()).toEqual([
      "aws_cloudwatch_log_group",
      "aws_customer_gateway",
      "aws_vpn_connection",
      "random_password",
    ]);
    expect(json.output.network_facts.value).toEqual({
      version: 1,
      network: "aws/tokyo",
      securityGroup: "sg-0123456789abcdef0",
      subnets: { default: "subnet-0123456789abcdef0" },
    });
  });

  test("adding a connection leaves the others' resources as they are", () => {
    const more = EXAMPLE.replace(
      "networks:",
      `  second: { publicIp: 203.0.113.21, privateIp: 192.168.20.5, subnets: [192.168.20.0/24], asn: 65011, libreswan: "4.10" }\n\nnetworks:`,
    ).replace("connections:\n", "connections:\n  a-second: { controller: second, network: aws/tokyo, routing: bgp }\n");
    const [before, after] = [synth(EXAMPLE).json.resource, synth(more).json.resource];
    for (const [type, resources] of Object.entries(before as Json)) {
      for (const [id, resource] of Object.entries(resources))
        expect({ type, id, resource: after[type][id] }).toEqual({ type, id, resource });
    }
  });
});
