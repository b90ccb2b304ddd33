import { describe, expect, it } from "@jest/globals";
import { parseSite } from "../../../config/parse-site";
import { refusal, refusalOf } from "../../helpers/whole-site";

interface ControllerFields {
  readonly publicIp?: string;
  readonly subnets?: string;
}

/** `count` controllers, c1 and on, each joined to the AWS network `a`; the first ones as `fields` say. */
function siteOf(count: number, fields: readonly ControllerFields[] = [], rest = ""): string {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  const controllers = numbers.map((n) => {
    const { publicIp = `198.51.100.${n}`, subnets = `[10.${n}.0.0/16]` } = fields[n - 1] ?? {};
    return `  c${n}: { publicIp: ${publicIp}, privateIp: 192.168.0.9, subnets: ${subnets}, asn: 65010, libreswan: "5.2" }`;
  });
  const connections = numbers.map((n) => `  c${n}-a: { controller: c${n}, network: aws/a, routing: bgp }`);
  return ["site: s", "controllers:", ...controllers, AWS_NETWORK, rest, "connections:", ...connections]
    .filter(Boolean)
    .join("\n");
}

const AWS_NETWORK = `networks:
  aws:
    a: { region: eu-west-1, cidr: 172.30.0.0/16, subnets: { a: { cidr: 172.30.0.0/24, availabilityZone: eu-west-1a } } }`;

describe("several controllers", () => {
  it("may lead to one LAN", () => {
    expect(refusal(siteOf(2, [{ subnets: "[10.9.0.0/16]" }, { subnets: "[10.9.0.0/16]" }]))).toBe("");
  });

  it("may not lead to a LAN and a part of it", () => {
    expect(
      refusal(siteOf(3, [{ subnets: "[10.9.0.0/16]" }, { subnets: "[10.9.1.0/24]" }, { subnets: "[10.9.0.0/16]" }])),
    ).toBe(
      refusalOf([
        'controllers.c2.subnets.0: must not overlap controllers.c3.subnets.0 (10.9.0.0/16), got "10.9.1.0/24"; give each network and site its own prefix (line 4)',
      ]),
    );
  });

  it("may stand on one LAN with one private address each", () => {
    const text = siteOf(2).replace("192.168.0.9", "10.2.0.9");
    expect(refusal(text)).toBe("");
  });

  it("may not share a public address", () => {
    expect(refusal(siteOf(2, [{}, { publicIp: "198.51.100.1" }]))).toBe(
      refusalOf([
        'controllers.c2.publicIp: must differ from controllers.c1.publicIp: a cloud tells its peers apart by it, got "198.51.100.1"; give each controller an address of its own (line 4)',
      ]),
    );
  });

  it("must each be named by a connection", () => {
    expect(refusal(siteOf(2).replace("\n  c2-a: { controller: c2, network: aws/a, routing: bgp }", ""))).toBe(
      refusalOf(["controllers.c2: must be named by a connection; add a connection or remove it (line 4)"]),
    );
  });

  it("may not be called like a folder beside theirs", () => {
    expect(refusal(siteOf(1).replace("  c1:", "  catalog:").replace("controller: c1", "controller: catalog"))).toBe(
      refusalOf([
        'controllers.catalog: must not be a name that the output keeps for itself, got "catalog"; use another name (line 3)',
      ]),
    );
  });

  it("may be ten on a virtual private gateway, and not eleven", () => {
    expect(refusal(siteOf(10))).toBe("");
    expect(refusal(siteOf(11))).toBe(
      refusalOf([
        "connections.c11-a: must not be the 11th connection of a virtual private gateway; use gateway: transit in networks.aws.a (line 28)",
      ]),
    );
    expect(refusal(siteOf(11).replace("cidr: 172.30.0.0/16", "gateway: transit, cidr: 172.30.0.0/16"))).toBe("");
  });

  it("keep their inside CIDRs apart on the gateway that they share", () => {
    const given = siteOf(2).replaceAll(
      "routing: bgp }",
      "routing: bgp, tunnels: { 1: { insideCidr: 169.254.64.0/30 } } }",
    );
    expect(refusal(given)).toBe(
      refusalOf([
        'connections.c2-a.tunnels.1.insideCidr: must be unique on a controller and on a cloud\'s gateway, and connections.c1-a.tunnels.1.insideCidr has it too, got "169.254.64.0/30"; write insideCidr: 169.254.32.0/30 on the newer of the two (line 10)',
      ]),
    );
  });
});

describe("what a connection carries", () => {
  const prefixes = (count: number) => `[${Array.from({ length: count }, (_, at) => `10.200.${at}.0/24`).join(", ")}]`;

  it.each([
    ["100 prefixes to a virtual private gateway", siteOf(1, [{ subnets: prefixes(100) }]), []],
    [
      "101 prefixes to a virtual private gateway",
      siteOf(1, [{ subnets: prefixes(101) }]),
      [
        "connections.c1-a: must carry at most 100 prefixes (controllers.c1 has 101); summarise the controller's subnets (line 8)",
      ],
    ],
    [
      "101 prefixes to a Transit Gateway",
      siteOf(1, [{ subnets: prefixes(101) }]).replace("cidr: 172.30.0.0/16", "gateway: transit, cidr: 172.30.0.0/16"),
      [],
    ],
    ["10 static prefixes to OCI", oracle(10, "static"), []],
    [
      "11 static prefixes to OCI",
      oracle(11, "static"),
      [
        "connections.c1-o: must carry at most 10 prefixes (controllers.c1 has 11); summarise the controller's subnets (line 12)",
      ],
    ],
    ["11 prefixes to OCI by BGP", oracle(11, "bgp"), []],
    ["one prefix, policy-based", policy("[10.1.0.0/16]", "static", "active-standby"), []],
    [
      "two prefixes, policy-based",
      policy("[10.1.0.0/16, 10.2.0.0/16]", "static", "active-standby"),
      [
        'connections.c1-a.mode: must be route-based where the controller has more than one subnet (c1 has 2), got "policy-based"; use mode: route-based (line 8)',
      ],
    ],
    [
      "everything that policy-based does not take",
      policy("[10.1.0.0/16, 10.2.0.0/16]", "bgp", "active-active"),
      [
        'connections.c1-a.mode: must be route-based with BGP, got "policy-based"; use mode: route-based (line 8)',
        'connections.c1-a.mode: must be route-based where the controller has more than one subnet (c1 has 2), got "policy-based"; use mode: route-based (line 8)',
        'connections.c1-a.balance: must be active-standby where mode is policy-based, got "active-active"; use balance: active-standby (line 8)',
        'connections.c1-a.balance: must be active-standby on AWS without a Transit Gateway and BGP, got "active-active"; use balance: active-standby, or gateway: transit in networks.aws.a (line 8)',
      ],
    ],
    [
      "active-active over a Transit Gateway and BGP",
      siteOf(1)
        .replace("cidr: 172.30.0.0/16", "gateway: transit, cidr: 172.30.0.0/16")
        .replace("routing: bgp", "routing: bgp, balance: active-active"),
      [],
    ],
  ])("%s", (_, text, problems) => {
    expect(refusal(text)).toBe(refusalOf(problems));
  });

  function oracle(count: number, routing: string): string {
    const network = `  oracle:
    o: { region: ap-tokyo-1, tenancyId: ocid1.tenancy.oc1..a, compartmentId: ocid1.tenancy.oc1..a, cidr: 172.20.0.0/16, subnets: {} }`;
    return `${siteOf(1, [{ subnets: prefixes(count) }], network)}\n\n  c1-o: { controller: c1, network: oracle/o, routing: ${routing} }`;
  }

  function policy(subnets: string, routing: string, balance: string): string {
    return siteOf(1, [{ subnets }]).replace(
      "routing: bgp",
      `routing: ${routing}, mode: policy-based, balance: ${balance}`,
    );
  }
});

describe("what is not named or named twice", () => {
  it("a network that no connection names", () => {
    const text = siteOf(1, [], "    b: { region: eu-west-1, cidr: 172.31.0.0/16, subnets: {} }");
    expect(refusal(text)).toBe(
      refusalOf(["networks.aws.b: must be named by a connection; add a connection or remove it (line 7)"]),
    );
  });

  it("two subnets of a provider with one name in the catalog", () => {
    const text = siteOf(
      1,
      [],
      "    b: { region: eu-west-1, cidr: 172.31.0.0/16, subnets: { a: { cidr: 172.31.0.0/24, availabilityZone: eu-west-1a } } }",
    );
    expect(refusal(`${text}\n  c1-b: { controller: c1, network: aws/b, routing: bgp }`)).toBe(
      refusalOf([
        "networks.aws.b.subnets.a: must have a name of its own in the VPN catalog, and networks.aws.a.subnets.a has it too; rename one, for example b-a (line 7)",
      ]),
    );
  });

  it("a site without connections is a catalog", () => {
    const text = "site: s\ncontrollers: {}\nnetworks: { onpremises: { room: { subnets: { machines: {} } } } }\n";
    expect(parseSite(text, "site.yaml")).toMatchObject({
      controllers: [],
      connections: [],
      networks: [{ id: "onpremises/room" }],
    });
  });
});
