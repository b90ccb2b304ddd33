import { describe, expect, it } from "@jest/globals";
import { parseSite } from "../../../config/parse-site";
import { siteWarnings } from "../../../config/warnings";
import { exchange, refusal, refusalOf } from "../../helpers/whole-site";

/** Beside aws/tokyo (172.30.0.0/16) and aws/old (existing, another region): two that are only peered. */
const NETWORKS = `  tools:
    region: ap-northeast-1
    cidr: 172.28.0.0/16
    subnets: { tools: { cidr: 172.28.1.0/24, availabilityZone: ap-northeast-1a } }
  store:
    region: ap-northeast-1
    cidr: 172.27.0.0/16
    subnets: { store: { cidr: 172.27.1.0/24, availabilityZone: ap-northeast-1a } }`;
const SITE = exchange("aws:", `aws:\n${NETWORKS}`).text;
const FIRST_LINE = SITE.split("\n").length;

/** Both new networks are named, so that what is told is about the case alone. */
const USED = "  used: { type: vpc, network: aws/tools, peerNetwork: aws/store, allow: [{ protocol: all }] }";
const withPeerings = (text: string): string => `${SITE}peerings:\n${USED}\n${text}\n`;
const line = (number: number): string => `(line ${FIRST_LINE + 1 + number})`;

const ALLOW = "allow: [{ protocol: all }]";
const PEER = "vpcId: vpc-0a1b2c3d, region: ap-northeast-1, routeTableIds: [rtb-0a1b2c3d]";

const CASES: readonly (readonly [name: string, peerings: string, ...problems: string[]])[] = [
  ["two networks of the file", `  x: { type: vpc, network: aws/tokyo, peerNetwork: aws/tools, ${ALLOW} }`],
  [
    "a VPC outside the file",
    `  x: { type: vpc, network: aws/tokyo, peerVpc: { ${PEER}, cidrs: [172.26.0.0/16] }, ${ALLOW} }`,
  ],
  ["several around a Transit Gateway", `  x: { type: transit, networks: [aws/tokyo, aws/tools], ${ALLOW} }`],
  [
    "a network that is not there",
    `  x: { type: vpc, network: aws/tokio, peerNetwork: aws/tools, ${ALLOW} }`,
    `peerings.x.network: must name an AWS network of this file, got "aws/tokio"; did you mean aws/tokyo? ${line(1)}`,
  ],
  [
    "a network of another cloud",
    `  x: { type: vpc, network: azure/japan, peerNetwork: aws/tools, ${ALLOW} }`,
    `peerings.x.network: must be aws/key of a network, got "azure/japan"; use for example aws/tokyo ${line(1)}`,
  ],
  [
    "one end only",
    `  x: { type: vpc, network: aws/tokyo, ${ALLOW} }`,
    `peerings.x.peerNetwork: is required without peerVpc; add peerNetwork, or peerVpc ${line(1)}`,
  ],
  [
    "both ends the same",
    `  x: { type: vpc, network: aws/tokyo, peerNetwork: aws/tokyo, ${ALLOW} }`,
    `peerings.x.peerNetwork: must differ from network, got "aws/tokyo"; name another ${line(1)}`,
  ],
  [
    "one pair twice, the other way round and around a Transit Gateway",
    `  x: { type: vpc, network: aws/store, peerNetwork: aws/tools, ${ALLOW} }\n  y: { type: transit, networks: [aws/tools, aws/store], ${ALLOW} }`,
    `peerings.x: must not join aws/store and aws/tools, as peerings.used does; remove one ${line(1)}`,
    `peerings.y: must not join aws/tools and aws/store, as peerings.used does; remove one ${line(2)}`,
  ],
  [
    "ends that overlap",
    `  x: { type: vpc, network: aws/tokyo, peerVpc: { ${PEER}, cidrs: [172.30.128.0/17] }, ${ALLOW} }`,
    `peerings.x.peerVpc.cidrs.0: must not overlap networks.aws.tokyo.cidr (172.30.0.0/16), which aws/tokyo reaches, got "172.30.128.0/17"; peering can't translate addresses: renumber one side, or join them by a service endpoint ${line(1)}`,
  ],
  [
    "a peer on the site's own LAN, which the VPN leads to",
    `  x: { type: vpc, network: aws/tokyo, peerVpc: { ${PEER}, cidrs: [10.0.0.0/16] }, ${ALLOW} }`,
    `peerings.x.peerVpc.cidrs.0: must not overlap controllers.tokyo.subnets.0 (10.0.2.0/24), which aws/tokyo reaches, got "10.0.0.0/16"; peering can't translate addresses: renumber one side, or join them by a service endpoint ${line(1)}`,
  ],
  [
    "the same prefix where no VPN leads to the site",
    `  x: { type: vpc, network: aws/tools, peerVpc: { ${PEER}, cidrs: [10.0.0.0/16] }, ${ALLOW} }`,
  ],
  [
    "two peers with one prefix",
    `  x: { type: vpc, network: aws/tokyo, peerVpc: { ${PEER}, cidrs: [172.26.0.0/16] }, ${ALLOW} }\n  y: { type: vpc, network: aws/tokyo, peerVpc: { vpcId: vpc-9a9b9c9d, region: ap-northeast-1, routeTableIds: [rtb-9a9b9c9d], cidrs: [172.26.1.0/24] }, ${ALLOW} }`,
    `peerings.y.peerVpc.cidrs.0: must not overlap peerings.x.peerVpc.cidrs.0 (172.26.0.0/16), which aws/tokyo reaches, got "172.26.1.0/24"; peering can't translate addresses: renumber one side, or join them by a service endpoint ${line(2)}`,
  ],
  [
    "a prefix that no VPC has, without a way back",
    `  x: { type: vpc, network: aws/tokyo, peerVpc: { vpcId: vpc-0a1b2c3d, region: ap-northeast-1, cidrs: [11.0.0.0/8] }, ${ALLOW} }`,
    `peerings.x.peerVpc.routeTableIds: must have at least 1 entry: without a way back nothing answers; add the peer's route tables ${line(1)}`,
    `peerings.x.peerVpc.cidrs.0: must be a VPC's prefix, from /16 to /28, got "11.0.0.0/8"; write the prefix as the VPC has it ${line(1)}`,
  ],
  [
    "tables of an account in which Terraform has no role",
    `  x: { type: vpc, network: aws/tokyo, peerVpc: { ${PEER}, accountId: "777788889999", cidrs: [172.26.0.0/16] }, ${ALLOW} }`,
    `peerings.x.peerVpc.routeTableIds: must not be given for an account that Terraform takes no role in; remove it, or add roleArn ${line(1)}`,
  ],
  [
    "a role of another account than the peer's",
    `  x: { type: vpc, network: aws/tokyo, peerVpc: { ${PEER}, accountId: "777788889999", roleArn: "arn:aws:iam::444455556666:role/x", cidrs: [172.26.0.0/16] }, ${ALLOW} }`,
    `peerings.x.peerVpc.roleArn: must be a role of account 777788889999, got "arn:aws:iam::444455556666:role/x"; correct one of accountId and roleArn ${line(1)}`,
  ],
  [
    "a Transit Gateway over two regions, and one network twice",
    `  x:\n    type: transit\n    networks: [aws/tokyo, aws/old, aws/tokyo]\n    ${ALLOW}`,
    `peerings.x.networks.1: must be a network of ap-northeast-1, as aws/tokyo is: a Transit Gateway stands in one region, got "aws/old"; join the regions by a peering with type: vpc ${line(3)}`,
    `peerings.x.networks.2: must be named once, got "aws/tokyo"; remove the second one ${line(3)}`,
  ],
  [
    "ports where there are none, and none where they are needed",
    `  x:\n    type: vpc\n    network: aws/tokyo\n    peerNetwork: aws/tools\n    allow:\n      - { protocol: icmp, ports: "8" }\n      - { protocol: tcp }\n      - { protocol: udp, ports: "90-80" }`,
    `peerings.x.allow.2.ports: must be a port from 1 to 65535, or a range of ports, got "90-80"; use for example 22 ${line(8)}`,
  ],
  [
    "ports for ICMP, and TCP without",
    `  x:\n    type: vpc\n    network: aws/tokyo\n    peerNetwork: aws/tools\n    allow:\n      - { protocol: icmp, ports: "8" }\n      - { protocol: tcp }`,
    `peerings.x.allow.0.ports: must not be given for icmp; remove it ${line(6)}`,
    `peerings.x.allow.1.ports: is required for tcp; add for example ports: "22" ${line(7)}`,
  ],
  [
    "a ClassicLink, by its type",
    `  x:\n    type: classic-link\n    network: aws/tokyo`,
    `peerings.x.type: must not ask for ClassicLink: AWS ended it with EC2-Classic in 2022, got "classic-link"; move servers step by step between two VPCs that reach each other: peerings with type: vpc, network and peerNetwork ${line(2)}`,
  ],
  [
    "a ClassicLink, by a field",
    `  x:\n    type: vpc\n    network: aws/tokyo\n    peerNetwork: aws/tools\n    allowClassicLinkToRemoteVpc: true\n    ${ALLOW}`,
    `peerings.x.allowClassicLinkToRemoteVpc: must not ask for ClassicLink: AWS ended it with EC2-Classic in 2022; move servers step by step between two VPCs that reach each other: peerings with type: vpc, network and peerNetwork ${line(5)}`,
  ],
  [
    "a ClassicLink, as a section",
    "classicLinks: {}",
    `classicLinks: must not ask for ClassicLink: AWS ended it with EC2-Classic in 2022; move servers step by step between two VPCs that reach each other: peerings with type: vpc, network and peerNetwork ${line(1)}`,
  ],
  [
    "another type",
    `  x:\n    type: vpn`,
    `peerings.x.type: must have a type that is one of vpc, transit, got "vpn"; use for example vpc ${line(2)}`,
  ],
];

describe("peerings", () => {
  it.each(CASES)("%s", (_, peerings, ...problems) => {
    expect(refusal(withPeerings(peerings))).toBe(refusalOf(problems));
  });

  it("does not ask for a connection to a network that is peered", () => {
    expect(refusal(SITE)).toBe(
      refusalOf(
        ["tools", "store"].map((key, at) => {
          const number = SITE.split("\n").indexOf(`    ${key}:`) + 1;
          return `networks.aws.${key}: must be named by a connection; add a connection or remove it (line ${number + (at > 5 ? 1 : 0)})`;
        }),
      ),
    );
    expect(refusal(withPeerings(""))).toBe("");
  });

  it("asks for the route tables of an existing VPC", () => {
    const bare = withPeerings(`  x: { type: vpc, network: aws/tools, peerNetwork: aws/old, ${ALLOW} }`);
    const text = bare.replace("        routeTableIds:\n          - rtb-0123456789abcdef0\n", "");
    expect(refusal(text)).toBe(
      refusalOf([
        `peerings.x.peerNetwork: must name a network whose route tables are known, got "aws/old"; add the tables that shall know the way to networks.aws.old.existing.routeTableIds (line ${FIRST_LINE})`,
      ]),
    );
  });
});

describe("warnings about peerings", () => {
  const warnings = (peerings: string): string[] =>
    siteWarnings(parseSite(withPeerings(peerings), "site.yaml"))
      .map(({ path, text, why }) => `${path.join(".")}: ${text}; ${why}`)
      .filter((text) => text.startsWith("peerings") || text.includes("peerings"));

  it("says that a VPN does not lead on through a peering", () => {
    expect(warnings(`  x: { type: vpc, network: aws/tokyo, peerNetwork: aws/tools, ${ALLOW} }`)).toEqual([
      "peerings.x: does not lead from the controllers through aws/tokyo to aws/tools; VPC peering carries nothing that comes from a VPN; give the network a connection of its own where the site needs it",
    ]);
  });

  it("says who accepts where Terraform may not", () => {
    const peer = 'vpcId: vpc-0a1b2c3d, region: ap-northeast-1, accountId: "777788889999", cidrs: [172.26.0.0/16]';
    expect(warnings(`  x: { type: vpc, network: aws/tokyo, peerVpc: { ${peer} }, ${ALLOW} }`)).toEqual([
      "peerings.x.peerVpc: is accepted by the owner of account 777788889999, who also makes the routes back; until then nothing passes, and each side switches DNS resolution on by hand; add roleArn if Terraform may do it",
    ]);
  });

  it("advises a Transit Gateway from the fourth peering of a network on", () => {
    const peers = (count: number): string =>
      Array.from(
        { length: count },
        (_, at) =>
          `  x${at}: { type: vpc, network: aws/tokyo, peerVpc: { vpcId: vpc-0a1b2c3${at}, region: ap-northeast-1, routeTableIds: [rtb-0a1b2c3d], cidrs: [172.2${at}.0.0/16] }, ${ALLOW} }`,
      ).join("\n");
    expect(warnings(peers(3))).toEqual([]);
    expect(warnings(peers(4))).toEqual([
      "networks.aws.tokyo: is one end of 4 peerings; each pair has routes of its own, and none leads on to a third network; join those of one region by one entry with type: transit",
    ]);
  });
});
