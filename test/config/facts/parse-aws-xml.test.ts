import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAwsXml } from "../../../config/facts/parse-aws-xml";
import { parseSite } from "../../../config/parse-site";
import { ConfigError } from "../../../config/problems";
import { readFacts } from "../../../config/read-facts";
import { messageOf } from "./message-of";

const EXAMPLE = join(__dirname, "../../../examples/aws-only");
const XML = readFileSync(join(EXAMPLE, "facts/vpn-0a1b2c3d4e5f60718.xml"), "utf8");
const SITE_TEXT = readFileSync(join(EXAMPLE, "site.yaml"), "utf8");
const site = parseSite(SITE_TEXT, "site.yaml");
const AGAIN = "download it again, and change nothing in it";
const STATIC_XML = XML.replaceAll(/<bgp>[\s\S]*?<\/bgp>/g, "").replace(
  "</vpn_connection_type>",
  "</vpn_connection_type>\n<vpn_connection_attributes>NoBGPVPNConnection</vpn_connection_attributes>",
);

const BRANCH =
  '  branch: { publicIp: 203.0.113.21, privateIp: 192.168.20.5, subnets: [192.168.20.0/24], asn: 65011, libreswan: "4.10" }';
const OSAKA =
  "    osaka: { region: ap-northeast-3, cidr: 172.31.0.0/16, subnets: { osaka: { cidr: 172.31.1.0/24, availabilityZone: ap-northeast-3a } } }\n";
const BRANCH_AWS =
  "  branch-aws: { controller: branch, network: aws/osaka, routing: bgp, tunnels: { 1: { insideCidr: 169.254.53.96/30 }, 2: { insideCidr: 169.254.53.100/30 } } }\n";

const refusal = (xml: string, of = site) =>
  messageOf(() => readFacts([{ name: "vpn.xml", text: xml }], of)).replace("vpn.xml: 1 problem\n  ", "");

describe("AWS's customer_gateway_configuration", () => {
  it("takes no cipher and no lifetime from the file", () => {
    const changed = XML.replaceAll("aes-128-cbc", "des")
      .replaceAll("<lifetime>3600", "<lifetime>1")
      .replaceAll("group2", "group1");
    expect(readFacts([{ name: "vpn.xml", text: changed }], site)).toEqual(
      readFacts([{ name: "vpn.xml", text: XML }], site),
    );
  });

  it("takes a static connection for a site file that says so, and refuses it for one that says bgp", () => {
    const ofStatic = parseSite(SITE_TEXT.replace("routing: bgp", "routing: static"), "site.yaml");
    expect(
      readFacts([{ name: "vpn.xml", text: STATIC_XML }], ofStatic).connections.get("main-aws")?.tunnels[1].cloudAddress,
    ).toBe("203.0.113.107");
    expect(refusal(STATIC_XML)).toBe(
      'vpn_connection: must be a bgp connection as connections.main-aws in the site file, got "static"; deploy the stack again, or set routing: static',
    );
    expect(refusal(XML, ofStatic)).toBe(
      'vpn_connection: must be a static connection as connections.main-aws in the site file, got "bgp"; deploy the stack again, or set routing: bgp',
    );
  });

  it("takes the periods and underscores of the keys that AWS makes", () => {
    const xml = XML.replace("ExampleOnlymainaws1NotASecretDoNotUseThisKeyAnyw", "_Example.Only_not.a_secret");
    expect(readFacts([{ name: "vpn.xml", text: xml }], site).connections.get("main-aws")?.tunnels[1].presharedKey).toBe(
      "_Example.Only_not.a_secret",
    );
  });

  const KEY = "ExampleOnlymainaws1NotASecretDoNotUseThisKeyAnyw";
  it.each<[string, string, string]>([
    [
      "another document",
      "<html><body>ExampleOnly</body></html>",
      `must be AWS's customer_gateway_configuration, whose root is vpn_connection; ${AGAIN}`,
    ],
    ["an unclosed tag", XML.slice(0, -20), `must be well-formed XML (line 111); ${AGAIN}`],
    ["a DOCTYPE", XML.replace("?>", '?>\n<!DOCTYPE x [<!ENTITY a "b">]>'), `must have no DOCTYPE; ${AGAIN}`],
    ["a huge file", `${XML}${" ".repeat(300_000)}<a/>`, `must be at most 256 KiB of XML; ${AGAIN}`],
    [
      "one tunnel",
      `${XML.slice(0, XML.lastIndexOf("<ipsec_tunnel>"))}</vpn_connection>`,
      `vpn_connection.ipsec_tunnel: must have at least 2 entries; ${AGAIN}`,
    ],
    ["no id", XML.replace(/ id="[^"]*"/, ""), `vpn_connection.id: is required; ${AGAIN}`],
    [
      "a key that is a reference to Secrets Manager",
      XML.replace(KEY, "arn:aws:secretsmanager:x"),
      `vpn_connection.ipsec_tunnel.1.ike.pre_shared_key: must be 8 to 64 letters, digits, periods and underscores, not beginning with 0; ${AGAIN}`,
    ],
    [
      "an empty key",
      XML.replace(KEY, ""),
      `vpn_connection.ipsec_tunnel.1.ike.pre_shared_key: must be 8 to 64 letters, digits, periods and underscores, not beginning with 0; ${AGAIN}`,
    ],
    [
      "an entity in a key",
      XML.replace(KEY, "Example&#79;nly&lt;"),
      `vpn_connection.ipsec_tunnel.1.ike.pre_shared_key: must be 8 to 64 letters, digits, periods and underscores, not beginning with 0; ${AGAIN}`,
    ],
    [
      "something that is no address",
      XML.replace("203.0.113.107", "vpn.example.com"),
      `vpn_connection.ipsec_tunnel.1.vpn_gateway.tunnel_outside_address.ip_address: must be an IPv4 address; ${AGAIN}`,
    ],
    [
      "a /29",
      XML.replace("<network_cidr>30", "<network_cidr>29"),
      `vpn_connection.ipsec_tunnel.0.customer_gateway.tunnel_inside_address.network_cidr: must be 30; ${AGAIN}`,
    ],
    [
      "another inside CIDR",
      XML.replaceAll("169.254.53.", "169.254.60."),
      "vpn_connection: must have the inside CIDRs of one of the site's AWS connections, and has 169.254.60.100/30 and 169.254.60.96/30; if it is connections.main-aws, write them there as tunnels.1.insideCidr and tunnels.2.insideCidr (the site file has 169.254.53.96/30 and 169.254.53.100/30)",
    ],
    [
      "another site's connection",
      XML.replaceAll("169.254.53.", "169.254.60.").replaceAll("203.0.113.20<", "203.0.113.21<"),
      "vpn_connection: must have the inside CIDRs of one of the site's AWS connections, and has 169.254.60.100/30 and 169.254.60.96/30; write them as tunnels.1.insideCidr and tunnels.2.insideCidr of the connection that it is, or leave this file out",
    ],
    [
      "another controller",
      XML.replaceAll("203.0.113.20<", "203.0.113.21<"),
      'vpn_connection.ipsec_tunnel.0.customer_gateway.tunnel_outside_address.ip_address: must be controllers.main.publicIp, 203.0.113.20, as connections.main-aws has the same inside CIDRs, got "203.0.113.21"; download the file of the site\'s own connection, or correct publicIp',
    ],
    [
      "one address for both tunnels",
      XML.replace("203.0.113.144", "203.0.113.107"),
      'tunnels.2.cloudAddress: must differ from tunnel 1\'s, got "203.0.113.107"; deploy the stack again and write its outputs again, or correct the site file',
    ],
  ])("refuses %s", (_, xml, line) => {
    expect(refusal(xml)).toBe(line);
    expect(refusal(xml)).not.toMatch(/ExampleOnly/);
  });

  it("refuses inside addresses that the two ends have exchanged", () => {
    const exchanged = XML.replace("169.254.53.102", "169.254.53.200")
      .replace("169.254.53.101", "169.254.53.102")
      .replace("169.254.53.200", "169.254.53.101");
    expect(refusal(exchanged)).toBe(
      [
        "vpn.xml: 2 problems",
        `  vpn_connection.ipsec_tunnel.0.vpn_gateway.tunnel_inside_address.ip_address: must be 169.254.53.101, got "169.254.53.102"; ${AGAIN}`,
        `  vpn_connection.ipsec_tunnel.0.customer_gateway.tunnel_inside_address.ip_address: must be 169.254.53.102, got "169.254.53.101"; ${AGAIN}`,
      ].join("\n"),
    );
  });

  it("refuses other ASNs, of either end and tunnel", () => {
    expect(refusal(XML.replaceAll("<asn>65010", "<asn>65011").replace("<asn>64512", "<asn>64513"))).toBe(
      [
        "vpn.xml: 3 problems",
        "  vpn_connection.ipsec_tunnel.0.customer_gateway.bgp.asn: must be controllers.main.asn, 65010, got 65011; deploy the stack again, or correct the site file",
        "  vpn_connection.ipsec_tunnel.0.vpn_gateway.bgp.asn: must be networks.aws.tokyo.asn, 64512, got 64513; deploy the stack again, or correct the site file",
        "  vpn_connection.ipsec_tunnel.1.customer_gateway.bgp.asn: must be controllers.main.asn, 65010, got 65011; deploy the stack again, or correct the site file",
      ].join("\n"),
    );
  });

  it("reads several connections, a file each, and tells them apart by controller where their inside CIDRs are equal", () => {
    const two = parseSite(
      SITE_TEXT.replace("networks:\n  aws:\n", `${BRANCH}\nnetworks:\n  aws:\n${OSAKA}`).replace(
        "connections:\n",
        `connections:\n${BRANCH_AWS}`,
      ),
      "site.yaml",
    );
    const branch = XML.replaceAll("203.0.113.20<", "203.0.113.21<").replaceAll("<asn>65010", "<asn>65011");
    const facts = readFacts(
      [
        { name: "a.xml", text: XML },
        { name: "b.xml", text: branch },
      ],
      two,
    );
    expect([...facts.connections].map(([key, { controller }]) => [key, controller])).toEqual([
      ["main-aws", "main"],
      ["branch-aws", "branch"],
    ]);
  });

  it.each([
    "<__proto__><a/></__proto__>",
    "<vpn_connection><constructor>1</constructor></vpn_connection>",
    `${"<a>".repeat(5_000)}${"</a>".repeat(5_000)}`,
    "<vpn_connection/>",
    "<?xml?>",
    "<![CDATA[",
  ])("answers %.40s with problems only", (xml) => {
    const { configuration, problems } = parseAwsXml({ file: "x", path: [] }, xml);
    expect(configuration).toBeUndefined();
    expect(new ConfigError("x", problems).message).toMatch(/^x: \d+ problems?\n {2}\S/);
  });
});
