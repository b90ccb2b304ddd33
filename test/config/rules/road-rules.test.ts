import { describe, expect, it } from "@jest/globals";
import { ROAD_SITE, roadSite } from "../../helpers/road-site";
import { type Edits, refusal, refusalOf } from "../../helpers/whole-site";

const name = (length: number) => "n".repeat(length);

const REFUSED: readonly (readonly [what: string, edits: Edits, ...problems: string[]])[] = [
  [
    "a relay that is not there",
    [["relay: by-aws", "relay: by-awz"]],
    'alarms.noc.relay: must name a relay of this file, got "by-awz"; did you mean by-aws? (line 56)',
  ],
  [
    "a connection that is not there, and one twice",
    [["watch: [tokyo-aws, osaka-aws]", "watch: [tokyo-awz, osaka-aws, osaka-aws]"]],
    'alarms.noc-aws.watch.0: must name a connection of this file, got "tokyo-awz"; did you mean tokyo-aws? (line 61)',
    'alarms.noc-aws.watch.2: must be named once, got "osaka-aws"; remove it here (line 61)',
  ],
  [
    "a road over the tunnel that it tells of",
    [["watch: [tokyo-oracle]", "watch: [tokyo-oracle, tokyo-aws]"]],
    "alarms.noc.watch: must not hold tokyo-aws, over which relays.by-aws carries the alarm; watch [tokyo-oracle] here, and tokyo-aws in an alarm whose relay stands in another network (line 57)",
  ],
  [
    "the same where it watches that one alone",
    [["watch: [tokyo-oracle]", "watch: [tokyo-aws]"]],
    "alarms.noc.watch: must not hold tokyo-aws, over which relays.by-aws carries the alarm; watch tokyo-aws in an alarm whose relay stands in another network (line 57)",
  ],
  [
    "the same where it watches all",
    [["watch: [tokyo-oracle]", "watch: all"]],
    "alarms.noc.watch: must not hold tokyo-aws, over which relays.by-aws carries the alarm; watch [osaka-aws, tokyo-oracle] here, and tokyo-aws in an alarm whose relay stands in another network (line 57)",
  ],
  [
    "another word than all",
    [["watch: [tokyo-oracle]", "watch: everything"]],
    'alarms.noc.watch: must be "all" or a list of connections, got "everything"; use for example [tokyo-aws] (line 57)',
  ],
  [
    "a relay in a network, over a connection, to a chat that are not there",
    [
      ["network: oracle/tokyo", "network: oracle/tokio"],
      ["connection: tokyo-oracle", "connection: tokyo-oracel"],
      ["functionCidr: 10.10.250.16/28", "functionCidr: 10.10.250.16/28\ndescription: home"],
    ],
    'relays.by-oracle.network: must name a network of this file, got "oracle/tokio"; did you mean oracle/tokyo? (line 48)',
    'relays.by-oracle.connection: must name a connection of this file, got "tokyo-oracel"; did you mean tokyo-oracle? (line 49)',
  ],
  [
    "a connection that ends elsewhere",
    [["connection: tokyo-oracle", "connection: osaka-aws"]],
    'relays.by-oracle.connection: must end in the relay\'s own network (oracle/tokyo), got "osaka-aws"; name a connection to oracle/tokyo, or use network: aws/tokyo (line 49)',
    "relays.by-oracle.chat: must stand behind the controller of osaka-aws (10.0.3.0/24), and chats.campus is 10.0.2.30; use a connection to the controller that the server stands behind (line 50)",
    "alarms.noc-aws.watch: must not hold osaka-aws, over which relays.by-oracle carries the alarm; watch [tokyo-aws] here, and osaka-aws in an alarm whose relay stands in another network (line 61)",
  ],
  [
    "a public subnet, and one that is not there",
    [["subnets: [default]", "subnets: [public, defualt, default, default]"]],
    'relays.by-aws.subnets.0: must name a private subnet of aws/tokyo, once, got "public"; known are default (line 46)',
    'relays.by-aws.subnets.1: must name a private subnet of aws/tokyo, once, got "defualt"; known are default (line 46)',
    'relays.by-aws.subnets.3: must name a private subnet of aws/tokyo, once, got "default"; known are default (line 46)',
  ],
  [
    "no subnet on aws",
    [["subnets: [default]", "wayOut: endpoints"]],
    "relays.by-aws.subnets: must name at least one private subnet, in which the notifier stands; use for example [default] (line 42)",
  ],
  [
    "a way out that the VPC has not",
    [["subnets: [default]", "subnets: [default]\nwayOut: nat"]],
    'relays.by-aws.wayOut: must be endpoints where aws/tokyo has no NAT gateway, got "nat"; use wayOut: endpoints, or give the network a natGateway (line 47)',
  ],
  [
    "fields of the other cloud",
    [
      ["subnets: [default]", "subnets: [default]\ngatewayCidr: 172.30.9.0/28"],
      ["gatewayCidr: 10.10.250.0/28", "gatewayCidr: 10.10.250.0/28\nsubnets: [oracle-default]"],
    ],
    "relays.by-aws.gatewayCidr: is for relays on oracle; remove it (line 47)",
    "relays.by-oracle.subnets: is for relays on aws; remove it (line 53)",
  ],
  [
    "subnets of its own that are missing, outside or taken",
    [
      ["gatewayCidr: 10.10.250.0/28", "gatewayCidr: 10.11.0.0/28"],
      ["functionCidr: 10.10.250.16/28", "functionCidr: 10.10.2.16/28"],
    ],
    'relays.by-oracle.gatewayCidr: must lie inside oracle/tokyo (10.10.0.0/16), got "10.11.0.0/28"; use a free prefix of it (line 51)',
    'relays.by-oracle.functionCidr: must not overlap oracle/tokyo\'s oracle-default (10.10.2.0/24), got "10.10.2.16/28"; use a free prefix (line 52)',
  ],
  [
    "two of its own that overlap",
    [["functionCidr: 10.10.250.16/28", "functionCidr: 10.10.250.0/27"]],
    'relays.by-oracle.gatewayCidr: must not overlap relays.by-oracle.functionCidr (10.10.250.0/27), got "10.10.250.0/28"; use a free prefix (line 51)',
    'relays.by-oracle.functionCidr: must not overlap relays.by-oracle.gatewayCidr (10.10.250.0/28), got "10.10.250.0/27"; use a free prefix (line 52)',
  ],
  [
    "no subnets of its own",
    [["gatewayCidr: 10.10.250.0/28", "description: home"]],
    "relays.by-oracle.gatewayCidr: must be given for a relay on oracle: a subnet is made there; use a free /28 inside 10.10.0.0/16 (line 47)",
  ],
  [
    "a VCN that is somebody else's",
    [
      [
        "cidr: 10.10.0.0/16",
        "cidr: 10.10.0.0/16\nexisting: { vcnId: ocid1.vcn.oc1.ap-tokyo-1.aaaaexample, drgId: ocid1.drg.oc1.ap-tokyo-1.aaaaexample }",
      ],
      [
        'oracle-default: { cidr: 10.10.2.0/24, availabilityDomain: "aBCD:AP-TOKYO-1-AD-1" }',
        'oracle-default: { cidr: 10.10.2.0/24, availabilityDomain: "aBCD:AP-TOKYO-1-AD-1", subnetId: ocid1.subnet.oc1.ap-tokyo-1.aaaaexample }',
      ],
    ],
    'relays.by-oracle.network: must not be an existing VCN: gateways are made in it, got "oracle/tokyo"; use a network that is made here (line 49)',
  ],
  [
    "two relays in one VCN",
    [
      [
        "alarms:",
        "  second: { network: oracle/tokyo, connection: tokyo-oracle, chat: campus, gatewayCidr: 10.10.251.0/28, functionCidr: 10.10.251.16/28 }\nalarms:",
      ],
    ],
    'relays.second.network: must have one relay only: a VCN has one internet gateway, got "oracle/tokyo"; let one relay carry the alarms of both, or use another network (relays.by-oracle has this one) (line 53)',
  ],
  [
    "a chat server that no controller of the road has behind it",
    [["address: 10.0.2.30", "address: 10.0.9.30"]],
    "relays.by-aws.chat: must stand behind the controller of tokyo-aws (10.0.2.0/24), and chats.campus is 10.0.9.30; use a connection to the controller that the server stands behind (line 45)",
    "relays.by-oracle.chat: must stand behind the controller of tokyo-oracle (10.0.2.0/24), and chats.campus is 10.0.9.30; use a connection to the controller that the server stands behind (line 50)",
  ],
  [
    "a chat on the Internet without a way there",
    [["address: 10.0.2.30", "language: ja"]],
    "relays.by-aws.chat: must have an address behind the controller, and chats.campus has none; give it its address; for a service on the Internet use a relay on aws with wayOut: nat (line 45)",
    "relays.by-oracle.chat: must have an address behind the controller, and chats.campus has none; give it its address; for a service on the Internet use a relay on aws with wayOut: nat (line 50)",
  ],
  [
    "a webhook's URL in plain text, which is not repeated",
    [["url: env:CAMPUS_CHAT_URL", "url: https://chat.example.ac.jp/hooks/abcdefgh"]],
    "chats.campus.url: must be a reference to a secret, never the secret itself; use env:NAME and set TF_VAR_NAME in the environment (line 39)",
  ],
  [
    "a private key in the certificate's place, which is not repeated",
    [["address: 10.0.2.30", "address: 10.0.2.30\nca: -----BEGIN PRIVATE KEY-----"]],
    "chats.campus.ca: must be certificates in PEM and nothing else; write the certificate of the authority that signed the chat server's, from -----BEGIN CERTIFICATE----- on (line 41)",
  ],
  [
    "numbers over their edges",
    [
      ["relay: by-aws", "relay: by-aws\npendingMinutes: 61\nrepeatMinutes: 43201"],
      ["address: 10.0.2.30", "address: 10.0.2.30\nport: 65536"],
    ],
    "chats.campus.port: must be at most 65535, got 65536; use 65535 or less (line 41)",
    "alarms.noc.pendingMinutes: must be at most 60, got 61; use 60 or less (line 58)",
    "alarms.noc.repeatMinutes: must be at most 43200, got 43201; use 43200 or less (line 59)",
  ],
];

describe("roads", () => {
  it("are sound in the site that the other tests change", () => {
    expect(refusal(ROAD_SITE)).toBe("");
  });

  it.each(REFUSED)("refuses %s", (_, edits, ...problems) => {
    expect(refusal(roadSite(...edits))).toBe(refusalOf(problems));
  });

  it.each([
    "noc",
    "a@b",
    "x y@example.jp",
    "a@example.jp${x}",
    "NOC <noc@example.jp>",
    "a@-.\n",
    `${name(65)}@example.jp`,
  ])("refuses %j as an e-mail address", (address) => {
    const text = ROAD_SITE.replace("emails: [noc@example.ac.jp]", `emails: [${JSON.stringify(address)}]`);
    expect(refusal(text)).toBe(
      refusalOf([
        `alarms.noc.emails.0: must be an e-mail address, got ${JSON.stringify(address)}; use for example noc@example.ac.jp (line 55)`,
      ]),
    );
  });

  it("takes a relay's name of 53 characters, and refuses one of 54", () => {
    const rename = (length: number) =>
      ROAD_SITE.replace("site: demo", `site: ${name(30)}`).replaceAll("by-aws", name(length));
    expect(refusal(rename(16))).toBe("");
    expect(refusal(rename(17))).toBe(
      refusalOf([
        `relays.${name(17)}: must make a name of at most 53 characters, got "${name(30)}-relay-${name(17)}"; use a shorter key or site name (line 42)`,
      ]),
    );
  });

  it("takes a chat on the Internet where the relay has a NAT gateway", () => {
    const [by, text] = [
      ["relay: by-oracle", "relay: by-aws"] as const,
      ROAD_SITE.slice(0, ROAD_SITE.indexOf("  by-oracle:")) + ROAD_SITE.slice(ROAD_SITE.indexOf("alarms:")),
    ];
    const own = text
      .replace(by[0], by[1])
      .replace("watch: [tokyo-aws, osaka-aws]", "watch: [osaka-aws]")
      .replace("address: 10.0.2.30", "language: ja")
      .replace("      subnets:\n        public", "      natGateway: public\n      subnets:\n        public")
      .replace("subnets: [default]", "subnets: [default]\n    wayOut: nat");
    expect(refusal(own)).toBe("");
  });
});
