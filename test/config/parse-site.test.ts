import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parseSite } from "../../config/parse-site";
import { exchange, refusal, WHOLE_SITE } from "../helpers/whole-site";

const example = (name: string) => readFileSync(join(__dirname, "../../examples", name, "site.yaml"), "utf8");

describe("parseSite", () => {
  it.each([
    ["the whole site", WHOLE_SITE],
    ["examples/aws-only", example("aws-only")],
    ["examples/three-clouds", example("three-clouds")],
    ["a file with a byte order mark", `\uFEFF${WHOLE_SITE}`],
    ["a file with Windows line ends", WHOLE_SITE.replaceAll("\n", "\r\n")],
    ["an anchor and its alias", WHOLE_SITE.replace("name: vcp-net", "name: &name vcp-net\n            other: *name")],
    ["a number in another notation", exchange("asn: 65010", "asn: 0xfdf2").text],
    ["keys that objects inherit", WHOLE_SITE.replaceAll("tokyo-aws:", "constructor:")],
    ["descriptions in Japanese", exchange("description: main campus", "description: 本部キャンパス・サーバー室").text],
  ])("takes %s", (_, text) => {
    expect(refusal(text)).toBe("");
  });

  it("freezes all of the site", () => {
    const isFrozen = (value: unknown): boolean =>
      typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen));
    expect(isFrozen(parseSite(WHOLE_SITE, "site.yaml"))).toBe(true);
  });

  it("keeps the file's order", () => {
    const site = parseSite(WHOLE_SITE, "site.yaml");
    expect(site.connections.map(({ key }) => key)).toEqual([
      "tokyo-aws",
      "tokyo-old",
      "tokyo-oracle",
      "tokyo-azure",
      "tokyo-kept",
    ]);
    expect(site.networks.map(({ id }) => id)).toEqual([
      "aws/tokyo",
      "aws/old",
      "oracle/tokyo",
      "azure/japan",
      "azure/kept",
      "sakura/isk",
      "openstack/campus",
      "onpremises/room",
    ]);
  });

  it("fills in every default", () => {
    const site = parseSite(
      `site: s
controllers:
  c: { publicIp: 198.51.100.10, privateIp: 198.51.100.10, subnets: [10.0.0.0/24], asn: 65010, libreswan: "5.2", vcController: {} }
networks:
  aws: { a: { region: eu-west-1, cidr: 10.1.0.0/16, subnets: { x: { cidr: 10.1.0.0/24, availabilityZone: eu-west-1a } } } }
  azure: { z: { location: westeurope, cidr: 10.2.0.0/16, gatewaySubnet: 10.2.0.0/27, subnets: {} } }
connections:
  a: { controller: c, network: aws/a, routing: bgp }
  z: { controller: c, network: azure/z, routing: bgp }
`,
      "site.yaml",
    );
    expect(site).toMatchObject({
      backend: { type: "local" },
      tags: {},
      controllers: [
        {
          behindNat: false,
          language: "en",
          vcController: { certificates: false, registryAddress: "harbor.vcloud.nii.ac.jp" },
        },
      ],
      networks: [
        { asn: 64512, gateway: "vpn", subnets: [{ public: false }] },
        { asn: 65515, sku: "VpnGw1AZ" },
      ],
      connections: [
        {
          cloud: "aws",
          mode: "route-based",
          balance: "active-standby",
          tunnels: [
            { number: 1, pskEpoch: 1 },
            { number: 2, pskEpoch: 1 },
          ],
        },
        { cloud: "azure" },
      ],
    });
  });

  it.each([
    ["stands behind NAT if its addresses differ", "privateIp: 10.0.2.15", true],
    ["stands on the Internet if they are one", "privateIp: 198.51.100.10", false],
  ])("without behindNat a controller %s", (_, line, expected) => {
    const { text } = exchange("privateIp: 10.0.2.15", line);
    expect(parseSite(text.replace("    behindNat: true\n", ""), "site.yaml").controllers[0]?.behindNat).toBe(expected);
  });

  it("gives Oracle's end the ASN of its region", () => {
    const asnIn = (region: string) =>
      parseSite(exchange("region: ap-tokyo-1", `region: ${region}`).text, "site.yaml").networks.find(
        ({ id }) => id === "oracle/tokyo",
      );
    expect(asnIn("ap-tokyo-1")).toMatchObject({ asn: 31_898 });
    expect(asnIn("eu-jovanovac-1")).toMatchObject({ asn: 14_544 });
  });

  it("writes a Sakura pool out", () => {
    const sakura = parseSite(WHOLE_SITE, "site.yaml").networks.find(({ provider }) => provider === "sakura");
    expect(sakura?.subnets).toMatchObject([
      { addresses: ["172.23.1.2", "172.23.1.3", "172.23.1.4", "172.23.1.5", "172.23.1.6"] },
    ]);
  });

  it("tells all problems at once, in the file's order", () => {
    const text = [
      ["connections:", "connections:\n  tokyo-aws2:\n    controler: tokyo\n    network: aws/tokio\n    routing: bpg"],
      ["asn: 64513", "asn: 1"],
      ["sku: VpnGw1AZ", "sku: Basic"],
      ["site: demo", "site: Demo"],
      ["asn: 65010", "asn: 64512"],
    ].reduce((site, [line, replacement]) => exchange(line as string, replacement as string, site).text, WHOLE_SITE);
    expect(refusal(text)).toBe(`site.yaml: 8 problems
  site: must be lower-case letters, digits and hyphens, a letter first, got "Demo"; use for example tokyo-aws (line 1)
  controllers.tokyo.asn: must differ from networks.aws.tokyo.asn, got 64512; give each side its own ASN, for example 65010 (line 14)
  networks.aws.old.asn: must be from 64512 to 65534 or from 4200000000 to 4294967294, got 1; use for example 64512 (line 42)
  networks.azure.japan.sku: must be one of VpnGw1AZ, VpnGw2AZ, VpnGw3AZ, VpnGw4AZ, VpnGw5AZ, got "Basic"; use for example VpnGw1AZ (line 71)
  connections.tokyo-aws2.controller: is required; add it (line 114)
  connections.tokyo-aws2.controler: is not a known key; did you mean controller? (line 115)
  connections.tokyo-aws2.network: must name a network of this file, got "aws/tokio"; did you mean aws/tokyo? (line 116)
  connections.tokyo-aws2.routing: must be one of bgp, static, got "bpg"; use for example bgp (line 117)`);
  });

  it("looks at a network whose subnets are broken, and blames nothing on their absence", () => {
    const text = [
      ["asn: 65010", "asn: 64512"],
      ["cidr: 172.30.1.0/24", "cidr: 172.30.1.1/24"],
      ["cidr: 172.30.2.0/24", "cidr: 172.31.2.0/24"],
    ].reduce((site, [line, replacement]) => exchange(line as string, replacement as string, site).text, WHOLE_SITE);
    expect(refusal(text)).toBe(`site.yaml: 3 problems
  controllers.tokyo.asn: must differ from networks.aws.tokyo.asn, got 64512; give each side its own ASN, for example 65010 (line 14)
  networks.aws.tokyo.subnets.public.cidr: must have no host bits set, got "172.30.1.1/24"; use 172.30.1.0/24 (line 33)
  networks.aws.tokyo.subnets.private.cidr: must lie inside the network's 172.30.0.0/16, got "172.31.2.0/24"; use a part of it (line 37)`);
  });
});
