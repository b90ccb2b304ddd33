import { describe, expect, it } from "@jest/globals";
import { siteSchema } from "../../../config/schema/site";
import { exchange, refusal } from "../../helpers/whole-site";

const SECTIONS = Object.keys(siteSchema.shape).join(", ");

/** A line of each mapping that the schema knows, a misspelt key put below it, and the key that is offered. */
const LEVELS: readonly (readonly [level: string, after: string, key: string, path: string, fix: string])[] = [
  ["the file", "site: demo", "Connections", "Connections", "did you mean connections?"],
  ["backend", "type: local", "prefix", "backend.prefix", "known are type"],
  ["a controller", "behindNat: true", "langauge", "controllers.tokyo.langauge", "did you mean language?"],
  [
    "the VC controller",
    "certificates: true",
    "dnsname",
    "controllers.tokyo.vcController.dnsname",
    "did you mean dnsName?",
  ],
  ["networks", "networks:", "  opnstack", "networks.opnstack", "did you mean openstack?"],
  ["an AWS network", "natGateway: public", "subnet", "networks.aws.tokyo.subnet", "did you mean subnets?"],
  [
    "an AWS subnet",
    "public: true",
    "subnet-id",
    "networks.aws.tokyo.subnets.public.subnet-id",
    "did you mean subnetId?",
  ],
  [
    "an existing VPC",
    "vpcId: vpc-0123456789abcdef0",
    "vpnGateway",
    "networks.aws.old.existing.vpnGateway",
    "did you mean vpnGatewayId?",
  ],
  ["an OCI network", "region: ap-tokyo-1", "existng", "networks.oracle.tokyo.existng", "did you mean existing?"],
  [
    "an OCI subnet",
    "availabilityDomain: aBCD:AP-TOKYO-1-AD-1",
    "availability",
    "networks.oracle.tokyo.subnets.oracle-default.availability",
    "known are cidr, availabilityDomain, subnetId",
  ],
  ["an Azure network", "location: japaneast", "SKU", "networks.azure.japan.SKU", "did you mean sku?"],
  [
    "an Azure subnet",
    "subnetName: default",
    "name",
    "networks.azure.kept.subnets.kept-default.name",
    "known are cidr, subnetName",
  ],
  [
    "an existing VNet",
    "vnetName: research",
    "publicIpName",
    "networks.azure.kept.existing.publicIpName",
    "did you mean publicIpNames?",
  ],
  ["a Sakura network", "isk:", "  subnetz", "networks.sakura.isk.subnetz", "did you mean subnets?"],
  [
    "a Sakura switch",
    "zone: tk1a",
    "gatewayIP",
    "networks.sakura.isk.subnets.switch.gatewayIP",
    "did you mean gatewayIp?",
  ],
  ["a free network", "campus:", "  cidr", "networks.openstack.campus.cidr", "known are description, subnets"],
  [
    "a free subnet",
    "own-openstack:",
    "  vlaues",
    "networks.openstack.campus.subnets.own-openstack.vlaues",
    "did you mean values?",
  ],
  ["a connection", "description: to the VPC", "rotuing", "connections.tokyo-aws.rotuing", "did you mean routing?"],
  ["a connection's tunnels", "tokyo-old:", "  tunnel", "connections.tokyo-old.tunnel", "did you mean tunnels?"],
  ["a tunnel", "pskEpoch: 2", "pskepoch", "connections.tokyo-aws.tunnels.1.pskepoch", "did you mean pskEpoch?"],
];

describe("an unknown key", () => {
  it.each(LEVELS)("of %s is answered with the nearest known one (below %j: %s)", (_, after, key, path, fix) => {
    const { text, line } = exchange(after, `${after}\n${key}: x`);
    expect(refusal(text)).toBe(`site.yaml: 1 problem\n  ${path}: is not a known key; ${fix} (line ${line + 1})`);
  });

  it("names the known keys of the backend's own type", () => {
    const { text } = exchange("type: local", "type: s3\nbucket: state\nregion: ap-northeast-1\nbuckets: x\naddress: y");
    expect(refusal(text)).toBe(
      [
        "site.yaml: 2 problems",
        "  backend.buckets: is not a known key; did you mean bucket? (line 7)",
        "  backend.address: is not a known key; known are type, bucket, region, kmsKeyId, prefix (line 8)",
      ].join("\n"),
    );
  });

  it.each(["constructor", "toString", "hasOwnProperty", "valueOf"])(
    "is unknown although objects inherit it: %s",
    (key) => {
      expect(refusal(exchange("zone: tk1a", `zone: tk1a\n${key}: x`).text)).toBe(
        `site.yaml: 1 problem\n  networks.sakura.isk.subnets.switch.${key}: is not a known key; known are zone, cidr, localSwitchId, gatewayIp, addressPool (line 96)`,
      );
    },
  );

  it("is not compared when it is very long", () => {
    const key = `connections${"x".repeat(100)}`;
    expect(refusal(exchange("site: demo", `site: demo\n${key}: x`).text)).toBe(
      `site.yaml: 1 problem\n  ${key}: is not a known key; known are ${SECTIONS} (line 2)`,
    );
  });

  it("shows terminal controls in it as text", () => {
    expect(refusal(exchange("site: demo", 'site: demo\n"\\e[2J\\u202e": x').text)).toBe(
      `site.yaml: 1 problem\n  "\\u001b[2J\\u{202e}": is not a known key; known are ${SECTIONS} (line 2)`,
    );
  });
});
