import { describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import { parseSite } from "../../config/parse-site";
import { PeeringStack } from "../../stacks/peering-stack";
import { exchange } from "../helpers/whole-site";

const NETWORKS = `aws:
  tools:
    region: ap-northeast-1
    cidr: 172.28.0.0/16
    subnets:
      one: { cidr: 172.28.1.0/24, availabilityZone: ap-northeast-1a, public: true }
      two: { cidr: 172.28.2.0/24, availabilityZone: ap-northeast-1a }
      three: { cidr: 172.28.3.0/24, availabilityZone: ap-northeast-1c }
  store:
    region: us-east-1
    cidr: 172.27.0.0/16
    subnets: { store: { cidr: 172.27.1.0/24, availabilityZone: us-east-1a } }`;

function synth(peering: string): any {
  const used = "  used: { type: vpc, network: aws/tools, peerNetwork: aws/store, allow: [{ protocol: all }] }";
  const site = parseSite(`${exchange("aws:", NETWORKS).text}peerings:\n${peering}\n${used}\n`, "site.yaml");
  const entry = site.peerings[0];
  if (!entry) throw new Error("no peering");
  const stack = new PeeringStack(Testing.app(), "peering-x", {
    site: site.name,
    peering: entry,
    networks: new Map(site.networks.flatMap((network) => (network.provider === "aws" ? [[network.id, network]] : []))),
    tags: { site: site.name },
    backend: { type: "local", directory: "." },
  });
  return JSON.parse(Testing.synth(stack, true));
}

const all = (resources: object | undefined): any[] => Object.values(resources ?? {});

describe("two networks of one account and region", () => {
  const json = synth(
    "  x: { type: vpc, network: aws/tokyo, peerNetwork: aws/tools, allow: [{ protocol: tcp, ports: 80-81 }] }",
  );

  test("are joined at once, without a second provider", () => {
    expect(all(json.resource.aws_vpc_peering_connection)).toMatchObject([{ auto_accept: true }]);
    expect(json.resource.aws_vpc_peering_connection_accepter).toBeUndefined();
    expect(json.provider.aws).toHaveLength(1);
  });

  test("have routes in every table of both sides", () => {
    const routes = all(json.resource.aws_route).map((route) => route.destination_cidr_block);
    expect(routes.sort()).toEqual(["172.28.0.0/16", "172.28.0.0/16", "172.30.0.0/16", "172.30.0.0/16"]);
  });

  test("resolve each other's names", () => {
    expect(all(json.resource.aws_vpc_peering_connection_options)).toMatchObject([
      { requester: { allow_remote_vpc_dns_resolution: true }, accepter: { allow_remote_vpc_dns_resolution: true } },
    ]);
  });

  test("let each other in by group, and at the named ports only", () => {
    const rules = all(json.resource.aws_vpc_security_group_ingress_rule);
    expect(rules).toHaveLength(2);
    for (const rule of rules) {
      expect(rule).toMatchObject({ ip_protocol: "tcp", from_port: 80, to_port: 81 });
      expect(rule.referenced_security_group_id).toMatch(/^\$\{data\.aws_security_group\./);
      expect(rule.cidr_ipv4).toBeUndefined();
    }
  });
});

describe("two networks of different regions", () => {
  const json = synth(
    "  x: { type: vpc, network: aws/tokyo, peerNetwork: aws/store, dns: false, allow: [{ protocol: all }] }",
  );

  test("have a provider each, and the second accepts", () => {
    expect(json.provider.aws).toEqual([{ region: "ap-northeast-1" }, { alias: "peer", region: "us-east-1" }]);
    expect(all(json.resource.aws_vpc_peering_connection)).toMatchObject([
      { auto_accept: false, peer_region: "us-east-1" },
    ]);
    expect(all(json.resource.aws_vpc_peering_connection_accepter)).toMatchObject([
      { auto_accept: true, provider: "aws.peer" },
    ]);
  });

  test("are looked up and written where each stands", () => {
    expect(all(json.data.aws_vpc).map((vpc) => [vpc.tags.Name, vpc.provider])).toEqual([
      ["demo-store", "aws.peer"],
      ["demo-tokyo", undefined],
    ]);
    const routes = all(json.resource.aws_route).map((route) => [route.destination_cidr_block, route.provider]);
    expect(routes).toContainEqual(["172.30.0.0/16", "aws.peer"]);
    expect(routes).toContainEqual(["172.27.0.0/16", undefined]);
  });

  test("let each other in by prefix: a group is not known in another region", () => {
    const rules = all(json.resource.aws_vpc_security_group_ingress_rule);
    expect(rules.map(({ cidr_ipv4, ip_protocol }) => [cidr_ipv4, ip_protocol]).sort()).toEqual([
      ["172.27.0.0/16", "-1"],
      ["172.30.0.0/16", "-1"],
    ]);
  });

  test("keep their names apart where dns is false", () => {
    expect(json.resource.aws_vpc_peering_connection_options).toBeUndefined();
  });
});

describe("another account's VPC", () => {
  const peer = (more: string) =>
    `  x: { type: vpc, network: aws/tokyo, peerVpc: { vpcId: vpc-0a1b2c3d, region: ap-northeast-1, accountId: "777788889999", cidrs: [172.26.0.0/16, 172.25.0.0/16]${more} }, allow: [{ protocol: icmp }] }`;

  test("in which Terraform has a role gets its half, and groups are named with their account", () => {
    const json = synth(
      peer(", roleArn: arn:aws:iam::777788889999:role/x, routeTableIds: [rtb-0a1b2c3d], securityGroupId: sg-0a1b2c3d"),
    );
    expect(all(json.resource.aws_vpc_peering_connection)).toMatchObject([{ peer_owner_id: "777788889999" }]);
    const groups = all(json.resource.aws_vpc_security_group_ingress_rule).map(
      (rule) => rule.referenced_security_group_id,
    );
    expect(groups.sort()).toEqual([
      expect.stringMatching(/^\$\{data\.aws_caller_identity\.caller\.account_id\}\/\$\{data\.aws_security_group\./),
      "777788889999/sg-0a1b2c3d",
    ]);
    expect(all(json.resource.aws_vpc_peering_connection_options)).toHaveLength(2);
    expect(json.provider.aws[1]).toEqual({
      alias: "peer",
      region: "ap-northeast-1",
      allowed_account_ids: ["777788889999"],
      assume_role: [{ role_arn: "arn:aws:iam::777788889999:role/x", session_name: "kakehashi" }],
    });
  });

  test("in which it has none is asked, and nothing of its side is touched", () => {
    const json = synth(peer(""));
    expect(all(json.resource.aws_vpc_peering_connection)).toMatchObject([{ auto_accept: false }]);
    expect(json.provider.aws).toHaveLength(1);
    expect(json.resource.aws_vpc_peering_connection_accepter).toBeUndefined();
    expect(json.resource.aws_vpc_peering_connection_options).toBeUndefined();
    const routes = all(json.resource.aws_route).map((route) => route.destination_cidr_block);
    expect(new Set(routes)).toEqual(new Set(["172.26.0.0/16", "172.25.0.0/16"]));
    const rules = all(json.resource.aws_vpc_security_group_ingress_rule);
    expect(rules.map((rule) => rule.cidr_ipv4).sort()).toEqual(["172.25.0.0/16", "172.26.0.0/16"]);
  });
});

describe("several networks around a Transit Gateway", () => {
  const json = synth("  x: { type: transit, networks: [aws/tokyo, aws/tools], allow: [{ protocol: all }] }");

  test("are attached in one private subnet a zone", () => {
    const attachments = all(json.resource.aws_ec2_transit_gateway_vpc_attachment);
    expect(attachments.map(({ subnet_ids }) => subnet_ids.length)).toEqual([2, 2]);
    expect(JSON.stringify(json.data.aws_subnet)).not.toContain("demo-tools-one");
  });

  test("have a route to each other in every table, once attached", () => {
    const routes = all(json.resource.aws_route);
    expect(routes.map((route) => route.destination_cidr_block).sort()).toEqual([
      "172.28.0.0/16",
      "172.28.0.0/16",
      "172.30.0.0/16",
      "172.30.0.0/16",
    ]);
    for (const route of routes) expect(route.depends_on).toHaveLength(1);
  });

  test("let each other in by prefix", () => {
    const rules = all(json.resource.aws_vpc_security_group_ingress_rule);
    expect(rules.map((rule) => rule.cidr_ipv4).sort()).toEqual(["172.28.0.0/16", "172.30.0.0/16"]);
  });
});
