import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parseSite } from "../../config/parse-site";
import { SECURITY_RULES_PER_PREFIX, siteWarnings } from "../../config/warnings";
import { VC_NODE_PORTS } from "../../modules/common/vc-node-ports";
import { type Edits, edit, exchange, WHOLE_SITE } from "../helpers/whole-site";

const said = (text: string) =>
  siteWarnings(parseSite(text, "site.yaml")).map(({ path, text: what, why }) => `${path.join(".")}: ${what}; ${why}`);
const example = (name: string) => readFileSync(join(__dirname, "../../examples", name, "site.yaml"), "utf8");

const LOCAL =
  "backend: keeps the state on this machine only, and every pre-shared key in it in plain text; a lost disk loses track of what is deployed; use s3, azurerm, oci or http once more than one person deploys";
const AWS_DECIDES =
  "decides what the site sends; AWS decides for itself which tunnel it sends through; answers may come through tunnel 2: a firewall between must not expect both directions in one tunnel";
const cves = (key: string, version: string, list: string) =>
  `controllers.${key}.libreswan: upstream has fixed ${list} since ${version}; distributions carry such fixes back without a new version number: keep the package up to date`;
const race = (key: string, version: string) =>
  `controllers.${key}.libreswan: ${version} loses a tunnel when both ends rekey at the same time (fixed in 5.1); the files written here let the controller always go first; don't make the rekey margins equal by hand`;
const CVES_4_10 = "CVE-2023-30570, CVE-2023-38710, CVE-2024-2357, CVE-2024-3652 and CVE-2026-12413";

describe("siteWarnings", () => {
  it("counts the security rules that a network's prefixes make, at the edge of the default quota", () => {
    const rules = (subnets: number) => {
      const list = Array.from({ length: subnets }, (_, at) => `192.168.${10 + at}.0/24`).join(", ");
      return said(example("aws-only").replace("[192.168.10.0/24]", `[${list}]`)).filter((one) =>
        one.includes("security rules"),
      );
    };
    expect(SECURITY_RULES_PER_PREFIX).toBe(VC_NODE_PORTS.length + 1);
    expect(rules(4)).toEqual([]);
    expect(rules(5)).toEqual([
      "networks.aws.tokyo: makes 61 security rules for 5 prefixes, and the cloud's default quota is 60; the deployment stops half-way: have the quota raised first, or summarise the controllers' subnets",
    ]);
  });

  it("tells examples/aws-only all that it should know", () => {
    expect(said(example("aws-only"))).toEqual([
      LOCAL,
      "controllers.main: carries every connection, over one public address (203.0.113.20); if it or its line fails no cloud is reachable; a second controller with an address of its own, on another line, carries on",
      cves("main", "4.10", CVES_4_10),
      race("main", "4.10"),
      "controllers.main: stands behind NAT; pass UDP 500 and 4500 to 192.168.10.5 unchanged, and keep its outside address fixed: the clouds know no other",
      `connections.main-aws.balance: ${AWS_DECIDES}`,
    ]);
  });

  it("says nothing about a site that has none of it but what every version has", () => {
    const text = `site: s
backend: { type: s3, bucket: state, region: ap-northeast-1 }
controllers:
  a: { publicIp: 198.51.100.1, privateIp: 198.51.100.1, subnets: [10.1.0.0/16], asn: 65010, libreswan: "5.2" }
  b: { publicIp: 198.51.100.2, privateIp: 198.51.100.2, subnets: [10.1.0.0/16], asn: 65010, libreswan: "5.2" }
networks:
  oracle:
    o: { region: ap-tokyo-1, tenancyId: ocid1.tenancy.oc1..a, compartmentId: ocid1.tenancy.oc1..a, cidr: 172.20.0.0/16, subnets: {} }
connections:
  a-o: { controller: a, network: oracle/o, routing: bgp }
  b-o: { controller: b, network: oracle/o, routing: bgp }
`;
    const list = "CVE-2026-12413, CVE-2026-14957, CVE-2026-50721 and CVE-2026-50722";
    expect(said(text)).toEqual([cves("a", "5.2", list), cves("b", "5.2", list)]);
    expect(
      said(
        text
          .replace("\n  b-o: { controller: b, network: oracle/o", "\n  b-o: { controller: b, network: oracle/p")
          .replace(
            "connections:",
            "    p: { region: ap-tokyo-1, tenancyId: ocid1.tenancy.oc1..a, compartmentId: ocid1.tenancy.oc1..a, cidr: 172.21.0.0/16, subnets: {} }\nconnections:",
          ),
      ),
    ).toEqual([
      "networks.oracle.o: is reached through controllers.a only; if that controller fails the network is not reachable; add a connection from another controller",
      "networks.oracle.p: is reached through controllers.b only; if that controller fails the network is not reachable; add a connection from another controller",
      cves("a", "5.2", list),
      cves("b", "5.2", list),
    ]);
  });

  it.each([
    ["3.32", [cves("tokyo", "3.32", CVES_4_10), race("tokyo", "3.32")]],
    ["4.10", [cves("tokyo", "4.10", CVES_4_10), race("tokyo", "4.10")]],
    ["4.14", [cves("tokyo", "4.14", "CVE-2024-3652 and CVE-2026-12413"), race("tokyo", "4.14")]],
    ["5.2", [cves("tokyo", "5.2", "CVE-2026-12413, CVE-2026-14957, CVE-2026-50721 and CVE-2026-50722")]],
  ])("knows what upstream fixed after Libreswan %s", (version, expected) => {
    const { text } = exchange('libreswan: "4.10"', `libreswan: "${version}"`);
    expect(said(text).filter((one) => one.startsWith("controllers.tokyo.libreswan"))).toEqual(expected);
  });

  const GIVEN: readonly (readonly [what: string, edits: Edits, warning: string])[] = [
    ["a local backend", [], LOCAL],
    [
      "OCI's object storage",
      [["type: local", "type: oci\nbucket: state\nnamespace: axexample\nregion: ap-tokyo-1"]],
      "backend: has no lock: OCI's S3-compatible API does not take Terraform's lock file; two deployments at once can break the state; let one person or one pipeline deploy",
    ],
    [
      "state over plain HTTP",
      [["type: local", "type: http\naddress: http://state.example.ac.jp"]],
      "backend.address: carries the state, and the pre-shared keys in it, unencrypted; who listens has the keys; use https",
    ],
    [
      "HTTP state without a lock",
      [["type: local", "type: http\naddress: https://state.example.ac.jp\nlocking: none"]],
      "backend.locking: is none; two deployments at once can break the state; let one person or one pipeline deploy",
    ],
    [
      "a VC controller outside its own subnets",
      [["- 10.0.2.0/24", "- 10.0.9.0/24"]],
      "controllers.tokyo.subnets: do not hold the VC controller's own address 10.0.2.15; VC nodes in the clouds can't reach it; add the prefix that it lies in",
    ],
    [
      "an existing VPC without route tables",
      [
        ["routeTableIds:", ""],
        ["- rtb-0123456789abcdef0", ""],
      ],
      "networks.aws.old.existing.routeTableIds: names no route table; the VPC's hosts learn no way to the site: add the route tables' ids, or make the routes yourself",
    ],
    [
      "BGP in Oracle's government realm",
      [["region: ap-tokyo-1", "region: us-langley-1"]],
      "networks.oracle.tokyo.region: is a government region, and Oracle's ASN there is not 31898; BGP will not come up with it; use routing: static",
    ],
    [
      "static routing on Azure without a probe",
      [["probe: 10.21.2.4", ""]],
      "connections.tokyo-kept.probe: is not given, and Azure has no address inside the tunnel that answers ping with static routing; a path that is dead behind a living gateway is then not seen; name a host in the network that answers ping",
    ],
    [
      "BGP on Azure",
      [],
      "connections.tokyo-azure.routing: is bgp, and Azure keeps to BGP timers of 60 s and 180 s; the controller's own probes move its traffic sooner; Azure's own direction may take the 180 s",
    ],
    [
      "active-standby on AWS, once for all",
      [],
      `connections.tokyo-aws.balance: ${AWS_DECIDES.replace(" through; ", " through (so too in 1 more connection); ")}`,
    ],
    [
      "one key for two tunnels",
      [["insideCidr: 169.254.65.4/30", "insideCidr: 169.254.65.4/30\npsk: env:TOKYO_AWS_1"]],
      "connections.tokyo-oracle.tunnels.2.psk: is env:TOKYO_AWS_1, as in connections.tokyo-aws.tunnels.1; who learns one key then has two tunnels; give each its own",
    ],
    [
      "an epoch beside a key of one's own",
      [],
      "connections.tokyo-aws.tunnels.1.pskEpoch: has no effect beside psk: env:TOKYO_AWS_1; only keys that Terraform makes are made anew by it; change the variable's value instead",
    ],
  ];

  it.each(GIVEN)("warns of %s", (_, edits, warning) => {
    expect(said(edit(edits))).toContain(warning);
  });

  it("names the addresses that an existing Azure gateway must have", () => {
    const { text } = exchange(
      "routing: static",
      "routing: bgp",
      WHOLE_SITE.replace("network: aws/old\n    routing: static", "network: aws/old\n    routing:  static"),
    );
    expect(said(text)).toContain(
      "networks.azure.kept.existing.gatewayName: must already have the custom BGP addresses 169.254.21.9 on its first instance and 169.254.21.13 on its second; nothing of research-gateway is changed here, and Azure refuses a connection that names addresses it does not have",
    );
    expect(said(WHOLE_SITE).filter((one) => one.includes("existing.gatewayName"))).toEqual([]);
  });

  it("takes Azure's one key for both tunnels of a connection as it must be", () => {
    const both: Edits = [
      ["insideCidr: 169.254.21.0/30", "insideCidr: 169.254.21.0/30\npsk: env:A"],
      ["insideCidr: 169.254.21.4/30", "insideCidr: 169.254.21.4/30\npsk: env:A"],
    ];
    expect(said(edit(both)).filter((one) => one.includes(".psk:"))).toEqual([]);
    const third: Edits = [
      ["insideCidr: 169.254.21.8/30", "insideCidr: 169.254.21.8/30\npsk: env:A"],
      ["insideCidr: 169.254.21.12/30", "insideCidr: 169.254.21.12/30\npsk: env:A"],
    ];
    expect(said(edit([...both, ...third])).filter((one) => one.includes(".psk:"))).toEqual([
      "connections.tokyo-kept.tunnels.1.psk: is env:A, as in connections.tokyo-azure.tunnels.1; who learns one key then has two tunnels; give each its own",
      "connections.tokyo-kept.tunnels.2.psk: is env:A, as in connections.tokyo-azure.tunnels.1; who learns one key then has two tunnels; give each its own",
    ]);
  });
});
