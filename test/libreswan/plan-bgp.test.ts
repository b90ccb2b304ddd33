import { parseSite } from "../../config/parse-site";
import type { Connection } from "../../config/site";
import type { ConnectionFacts } from "../../config/tunnel-facts";
import type { BgpPlan } from "../../libreswan/controller-plan";
import { planController } from "../../libreswan/plan-controller";
import { planCase } from "../helpers/load-case";

interface SiteOptions {
  readonly subnets: readonly string[];
  readonly cloud?: "aws" | "azure";
  readonly balance?: string;
  readonly gateway?: string;
}

/** A site of one connection over BGP. */
function bgpOf({
  subnets,
  cloud = "aws",
  balance = "active-standby",
  gateway = "vpn",
}: SiteOptions): BgpPlan | undefined {
  const network = cloud === "aws" ? "aws/main" : "azure/main";
  const site = parseSite(
    `
site: case
backend: { type: local }
controllers:
  tokyo: { publicIp: 198.51.100.10, privateIp: 10.0.2.15, subnets: [${subnets.join(", ")}], asn: 65010, libreswan: "4.10" }
networks:
  aws:
    ${cloud === "aws" ? `main: { region: ap-northeast-1, cidr: 172.30.0.0/16, gateway: ${gateway}, subnets: { default: { cidr: 172.30.2.0/24, availabilityZone: ap-northeast-1a } } }` : "{}"}
  azure:
    ${cloud === "azure" ? "main: { location: japaneast, cidr: 172.30.0.0/16, gatewaySubnet: 172.30.255.0/27, subnets: { default: { cidr: 172.30.2.0/24 } } }" : "{}"}
connections:
  one: { controller: tokyo, network: ${network}, routing: bgp, balance: ${balance} }
`,
    "site.yaml",
  );
  const tunnel = (number: 0 | 1) => {
    const { cloudInsideAddress, controllerInsideAddress } = (site.connections[0] as Connection).tunnels[number];
    return {
      cloudAddress: `203.0.113.${number}`,
      cloudInsideAddress,
      controllerInsideAddress,
      presharedKey: "ExampleKey1",
      pskEpoch: 1,
    };
  };
  const facts = new Map([
    ["one", { controller: "tokyo", network, tunnels: { 1: tunnel(0), 2: tunnel(1) } } as unknown as ConnectionFacts],
  ]);
  return planController(site, site.controllers[0] as never, facts).bgp;
}

const preferences = (bgp: BgpPlan | undefined) => bgp?.neighbors.map(({ preference }) => preference);

describe("the plan of BGP", () => {
  it("is missing where no connection uses it", () => {
    expect(planCase("aws-static")[0]?.bgp).toBeUndefined();
    expect(planCase("policy-based")[0]?.bgp).toBeUndefined();
  });

  it("knows the neighbors of BGP connections alone", () => {
    expect(planCase("three-clouds")[0]?.bgp?.neighbors.map(({ tunnel, asn }) => [tunnel, asn])).toEqual([
      ["tokyo-aws-1", 64512],
      ["tokyo-aws-2", 64512],
      ["tokyo-oracle-1", 31898],
      ["tokyo-oracle-2", 31898],
    ]);
  });

  it.each([
    ["aws-bgp", 3, 9],
    ["oracle-bgp", 6, 18],
    ["azure-bgp", 60, 180],
  ])("offers %s keepalive %d s and hold %d s", (name, keepaliveSeconds, holdSeconds) => {
    for (const neighbor of planCase(name)[0]?.bgp?.neighbors ?? [])
      expect(neighbor).toMatchObject({ keepaliveSeconds, holdSeconds });
    expect(planCase(name)[0]?.bgp?.neighbors).toHaveLength(2);
  });

  it("follows AWS's own choice of tunnel and only settles a tie", () => {
    expect(preferences(planCase("aws-bgp")[0]?.bgp)).toEqual([
      { prependCount: 0 },
      { metricOffset: 1, prependCount: 0 },
    ]);
  });

  it.each(["oracle-bgp", "azure-bgp"])("prefers tunnel 1 in both directions on %s", (name) => {
    expect(preferences(planCase(name)[0]?.bgp)).toEqual([
      { localPreference: 200, prependCount: 0 },
      { localPreference: 100, prependCount: 2 },
    ]);
  });

  it("prefers none and uses two paths where both tunnels carry", () => {
    const bgp = bgpOf({ subnets: ["10.0.2.0/24"], balance: "active-active", gateway: "transit" });
    expect(preferences(bgp)).toEqual([{ prependCount: 0 }, { prependCount: 0 }]);
    expect(bgp?.maximumPaths).toBe(2);
    expect(bgpOf({ subnets: ["10.0.2.0/24"] })?.maximumPaths).toBe(1);
  });

  it.each<[string, string[], string[]]>([
    ["a /24", ["10.0.2.0/24"], ["10.0.2.0/25", "10.0.2.128/25"]],
    ["a /8", ["10.0.0.0/8"], ["10.0.0.0/9", "10.128.0.0/9"]],
    ["a /31", ["10.0.2.14/31", "10.0.2.0/29"], ["10.0.2.14/32", "10.0.2.15/32", "10.0.2.0/30", "10.0.2.4/30"]],
    ["a /32, which has none", ["10.0.2.15/32"], []],
    ["a high prefix", ["192.168.255.0/24"], ["192.168.255.0/25", "192.168.255.128/25"]],
    ["prefixes inside one another", ["10.0.2.0/24", "10.0.2.0/25"], ["10.0.2.128/25", "10.0.2.0/26", "10.0.2.64/26"]],
  ])("halves %s", (_, subnets, halves) => {
    expect(bgpOf({ subnets })?.halves).toEqual(halves);
  });

  const subnets = (count: number): string[] => Array.from({ length: count }, (_, at) => `10.1.${at}.0/24`);

  it.each<[number, "aws" | "azure", boolean]>([
    [33, "aws", true],
    [34, "aws", false],
    [50, "azure", true],
  ])("%d prefixes and their halves on %s: %s", (count, cloud, expected) => {
    expect(
      bgpOf({ subnets: subnets(count), cloud })?.neighbors.map(({ hasTakeoverHalves }) => hasTakeoverHalves),
    ).toEqual([expected, expected]);
  });

  it("accepts the network's prefix from either tunnel", () => {
    expect(bgpOf({ subnets: ["10.0.2.0/24"] })?.neighbors.map(({ acceptedPrefix }) => acceptedPrefix)).toEqual([
      "172.30.0.0/16",
      "172.30.0.0/16",
    ]);
  });
});
