import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSite } from "../../config/load-site";
import { parseSite } from "../../config/parse-site";
import { readFacts } from "../../config/read-facts";
import type { Site } from "../../config/site";
import type { TunnelFacts } from "../../config/tunnel-facts";
import { messageOf } from "./facts/message-of";

const EXAMPLES = join(__dirname, "../../examples");
const threeClouds = loadSite(join(EXAMPLES, "three-clouds/site.yaml"));
const awsOnly = loadSite(join(EXAMPLES, "aws-only/site.yaml"));
const OUTPUTS = readFileSync(join(EXAMPLES, "three-clouds/facts/outputs.json"), "utf8");
const XML = readFileSync(join(EXAMPLES, "aws-only/facts/vpn-0a1b2c3d4e5f60718.xml"), "utf8");
const AWS_OUTPUTS = readFileSync(join(EXAMPLES, "aws-only/facts/outputs.json"), "utf8");

type Stack = { tunnel_facts: TunnelFacts; network_facts: Record<string, unknown> };
type Outputs = Record<"aws-tokyo" | "oracle-tokyo" | "azure-japan", Stack>;

function outputs(change: (outputs: Outputs) => void = () => undefined): string {
  const copy = JSON.parse(OUTPUTS) as Outputs;
  change(copy);
  return JSON.stringify(copy);
}

const tunnelOf = (all: Outputs, number: 1 | 2) =>
  all["aws-tokyo"].tunnel_facts.connections["tokyo-aws"]?.tunnels[number] as never as Record<string, unknown>;
const read = (text: string, site: Site = threeClouds) => readFacts([{ name: "outputs.json", text }], site);
const messageFor = (text: string, site: Site = threeClouds) => messageOf(() => read(text, site));

describe("recorded facts of the examples", () => {
  it.each(["three-clouds", "aws-only"])("are what %s's site file asks for", (name) => {
    const folder = join(EXAMPLES, name, "facts");
    const site = loadSite(join(EXAMPLES, name, "site.yaml"));
    const json = readdirSync(folder).filter((file) => file.endsWith(".json"));
    const facts = readFacts(
      json.map((file) => ({ name: file, text: readFileSync(join(folder, file), "utf8") })),
      site,
    );
    expect([...facts.connections.keys()].sort()).toEqual(site.connections.map(({ key }) => key as string).sort());
    expect([...facts.networks.keys()].sort()).toEqual(
      [...new Set(site.connections.map(({ network }) => network.id))].sort(),
    );
  });

  it("say the same of aws-only in JSON and in XML, in which tunnel 2 comes first", () => {
    expect(XML.indexOf("169.254.53.101")).toBeLessThan(XML.indexOf("169.254.53.97"));
    const fromJson = read(AWS_OUTPUTS, awsOnly);
    const fromXml = readFacts([{ name: "vpn.xml", text: XML }], awsOnly);
    expect(fromXml.connections).toEqual(fromJson.connections);
    expect(fromXml.networks.size).toBe(0);
    expect(() =>
      readFacts(
        [
          { name: "a.json", text: AWS_OUTPUTS },
          { name: "b.xml", text: XML },
        ],
        awsOnly,
      ),
    ).not.toThrow();
  });

  it("hold no key that anyone could take for a real one", () => {
    const keys = [...(OUTPUTS + AWS_OUTPUTS).matchAll(/"presharedKey": "([^"]*)"/g)].map(([, key]) => key);
    expect(keys).toHaveLength(8);
    for (const key of keys) expect(key).toMatch(/^ExampleOnly[0-9A-Za-z]{37}$/);
  });
});

describe("forms of the same facts", () => {
  const expected = read(OUTPUTS);
  const stacks = Object.values(JSON.parse(OUTPUTS) as Outputs);
  const wrapped = stacks.map(({ tunnel_facts, network_facts }) => ({
    network_facts: { sensitive: false, type: ["object", {}], value: network_facts },
    tunnel_facts: { sensitive: true, type: ["object", {}], value: tunnel_facts },
  }));

  it("reads terraform output -json of each stack, a file a stack", () => {
    expect(
      readFacts(
        wrapped.map((value, at) => ({ name: `${at}.json`, text: JSON.stringify(value) })),
        threeClouds,
      ),
    ).toEqual(expected);
  });

  it("reads outputs that lie in a construct, as cdktf nests them", () => {
    const nested = Object.fromEntries(
      stacks.map((stack, at) => [
        `app/${at}`,
        { network_facts: stack.network_facts, vpn: { inner: { tunnel_facts: stack.tunnel_facts } } },
      ]),
    );
    expect(read(JSON.stringify(nested))).toEqual(expected);
  });

  it("reads terraform output -json tunnel_facts, the bare value", () => {
    const files = stacks.map(({ tunnel_facts }, at) => ({ name: `${at}.json`, text: JSON.stringify(tunnel_facts) }));
    expect(readFacts(files, threeClouds).connections).toEqual(expected.connections);
  });

  it("takes a byte order mark and line ends of Windows", () => {
    expect(read(`\uFEFF${OUTPUTS.replaceAll("\n", "\r\n")}`)).toEqual(expected);
  });

  it.each([
    ["a JSON string, as --output json of one connection prints it", JSON.stringify(XML)],
    [
      "the whole answer of describe-vpn-connections",
      JSON.stringify({ VpnConnections: [{ VpnConnectionId: "vpn-deleted" }, { CustomerGatewayConfiguration: XML }] }),
    ],
  ])("reads AWS's XML in %s", (_, text) => {
    expect(read(text, awsOnly).connections).toEqual(read(AWS_OUTPUTS, awsOnly).connections);
  });

  it("takes the same facts twice", () => {
    expect(
      readFacts(
        [
          { name: "a.json", text: OUTPUTS },
          { name: "b.json", text: OUTPUTS },
        ],
        threeClouds,
      ),
    ).toEqual(expected);
  });
});

describe("facts that don't match the site", () => {
  const DEPLOY = "deploy the stack again and write its outputs again, or correct the site file";
  const AWS = "aws-tokyo.tunnel_facts.connections.tokyo-aws";

  it.each<[string, (all: Outputs) => void, string]>([
    [
      "another controller",
      (all) => Object.assign(all["aws-tokyo"].tunnel_facts.connections["tokyo-aws"] as object, { controller: "osaka" }),
      `${AWS}.controller: must be tokyo as in the site file, got "osaka"; ${DEPLOY}`,
    ],
    [
      "another network",
      (all) =>
        Object.assign(all["aws-tokyo"].tunnel_facts.connections["tokyo-aws"] as object, { network: "aws/osaka" }),
      `${AWS}.network: must be aws/tokyo as in the site file, got "aws/osaka"; ${DEPLOY}`,
    ],
    [
      "another stack",
      (all) => Object.assign(all["aws-tokyo"].tunnel_facts, { stack: "aws-osaka" }),
      'aws-tokyo.tunnel_facts.stack: must be aws-tokyo, the stack of aws/tokyo, got "aws-osaka"; deploy the stack again and write its outputs again',
    ],
    [
      "an inside address",
      (all) => Object.assign(tunnelOf(all, 2), { controllerInsideAddress: "169.254.80.18" }),
      `${AWS}.tunnels.2.controllerInsideAddress: must be 169.254.80.14 as in the site file, got "169.254.80.18"; ${DEPLOY}`,
    ],
    [
      "swapped tunnels",
      (all) => {
        const { tunnels } = all["aws-tokyo"].tunnel_facts.connections["tokyo-aws"] as {
          tunnels: Record<1 | 2, unknown>;
        };
        [tunnels[1], tunnels[2]] = [tunnels[2], tunnels[1]];
      },
      `${AWS}.tunnels: must be in the site file's order, and the two are swapped; swap the two insideCidr in the site file, or deploy the stack again`,
    ],
    [
      "a missing tunnel",
      (all) => Reflect.deleteProperty(all["aws-tokyo"].tunnel_facts.connections["tokyo-aws"]?.tunnels as object, "2"),
      `${AWS}.tunnels.2: is required; deploy the stack again and write its outputs again`,
    ],
    [
      "a newer key",
      (all) => Object.assign(tunnelOf(all, 1), { pskEpoch: 3 }),
      `${AWS}.tunnels.1.pskEpoch: must be 1 as in the site file, got 3; a newer site file was deployed; set connections.tokyo-aws.tunnels.1.pskEpoch to 3`,
    ],
    [
      "two tunnels with one address",
      (all) => Object.assign(tunnelOf(all, 2), { cloudAddress: "203.0.113.47" }),
      `${AWS}.tunnels.2.cloudAddress: must differ from tunnel 1's, got "203.0.113.47"; ${DEPLOY}`,
    ],
    [
      "the controller's own address",
      (all) => Object.assign(tunnelOf(all, 2), { cloudAddress: "198.51.100.10" }),
      `${AWS}.tunnels.2.cloudAddress: must not be controllers.tokyo.publicIp, got "198.51.100.10"; ${DEPLOY}`,
    ],
    [
      "an address of another connection",
      (all) => Object.assign(tunnelOf(all, 2), { cloudAddress: "203.0.113.195" }),
      'azure-japan.tunnel_facts.connections.tokyo-azure.tunnels.1.cloudAddress: must differ from those of connections.tokyo-aws, which ends on the same controller, got "203.0.113.195"; write the outputs again: one of the two is another connection\'s',
    ],
    [
      "an older version",
      (all) => Object.assign(all["aws-tokyo"].tunnel_facts, { version: 0 }),
      "aws-tokyo.tunnel_facts.version: must be 1, got 0; deploy the stack again with this version of Kakehashi",
    ],
    [
      "a newer version",
      (all) => Object.assign(all["aws-tokyo"].tunnel_facts, { version: 2 }),
      "aws-tokyo.tunnel_facts.version: must be 1, got 2; a newer Kakehashi deployed it; use that one, or deploy the stack again with this one",
    ],
    [
      "a network of another site",
      (all) => Object.assign(all["aws-tokyo"].network_facts, { network: "aws/osaka" }),
      'aws-tokyo.network_facts.network: must be a network of the site, got "aws/osaka"; leave this stack\'s outputs out, or add the network to the site file',
    ],
    [
      "a subnet too few",
      (all) => Reflect.deleteProperty(all["aws-tokyo"].network_facts.subnets as object, "default"),
      "aws-tokyo.network_facts.subnets.default: is required: the site file has this subnet; deploy the stack again and write its outputs again",
    ],
    [
      "a subnet too many",
      (all) => Object.assign(all["aws-tokyo"].network_facts.subnets as object, { old: "subnet-0a1b2c3d4e5f60718" }),
      "aws-tokyo.network_facts.subnets.old: must be a subnet of the site file; deploy the stack again and write its outputs again",
    ],
    [
      "a hostile subnet id",
      (all) => Object.assign(all["aws-tokyo"].network_facts.subnets as object, { default: "x'\n: $(id)" }),
      "aws-tokyo.network_facts.subnets.default: must be an id or a name as the cloud gives it; deploy the stack again and write its outputs again",
    ],
    [
      "a VPC without a security group",
      (all) => Reflect.deleteProperty(all["aws-tokyo"].network_facts, "securityGroup"),
      "aws-tokyo.network_facts.securityGroup: is required for a VPC; deploy the stack again and write its outputs again",
    ],
    [
      "a VNet without a resource group",
      (all) => Reflect.deleteProperty(all["azure-japan"].network_facts, "resourceGroup"),
      "azure-japan.network_facts.resourceGroup: is required for a VNet; deploy the stack again and write its outputs again",
    ],
  ])("refuses %s", (_, change, line) => {
    expect(messageFor(outputs(change))).toBe(`outputs.json: 1 problem\n  ${line}`);
  });

  it("refuses an older key and says to deploy first", () => {
    const text = readFileSync(join(EXAMPLES, "three-clouds/site.yaml"), "utf8").replace(
      "tokyo-aws:    { controller: tokyo,",
      "tokyo-aws: { tunnels: { 2: { pskEpoch: 2 } }, controller: tokyo,",
    );
    expect(messageFor(OUTPUTS, parseSite(text, "site.yaml"))).toBe(
      `outputs.json: 1 problem\n  ${AWS}.tunnels.2.pskEpoch: must be 2 as in the site file, got 1; deploy the stack first, so that the cloud has the new key, and write its outputs again`,
    );
  });

  it("refuses a connection that the site file no longer has", () => {
    const text = outputs((all) =>
      Object.assign(all["aws-tokyo"].tunnel_facts.connections, {
        "old-aws": all["aws-tokyo"].tunnel_facts.connections["tokyo-aws"],
      }),
    );
    expect(messageFor(text)).toBe(
      "outputs.json: 1 problem\n  aws-tokyo.tunnel_facts.connections.old-aws: must be a connection of the site; deploy stack aws-tokyo again and write its outputs again, or add the connection to the site file",
    );
  });

  it("takes a key of 8 and of 64 characters and refuses 7, 65 and any other alphabet, without showing it", () => {
    const withKey = (presharedKey: unknown) => outputs((all) => Object.assign(tunnelOf(all, 1), { presharedKey }));
    for (const key of ["a".repeat(8), "Z9".repeat(32)])
      expect(read(withKey(key)).connections.get("tokyo-aws")?.tunnels[1].presharedKey).toBe(key);
    for (const key of [
      "a".repeat(7),
      "b".repeat(65),
      "0leading0leading",
      'quote"quote',
      "two words two",
      "line\nbreak",
      "",
      "$(reboot)",
    ]) {
      expect(messageFor(withKey(key))).toBe(
        `outputs.json: 1 problem\n  ${AWS}.tunnels.1.presharedKey: must be 8 to 64 letters and digits, not beginning with 0; raise the tunnel's pskEpoch and deploy again`,
      );
    }
    expect(messageFor(withKey(undefined))).toBe(
      `outputs.json: 1 problem\n  ${AWS}.tunnels.1.presharedKey: is required; deploy the stack again and write its outputs again`,
    );
    expect(messageFor(withKey(12_345_678))).toBe(
      `outputs.json: 1 problem\n  ${AWS}.tunnels.1.presharedKey: must be text; deploy the stack again and write its outputs again`,
    );
  });
});

describe("facts that are incomplete", () => {
  const WRITE = "write it with `cdktf output '*' --outputs-file outputs.json --outputs-file-include-sensitive-outputs`";

  it("names every connection that has none", () => {
    const text = outputs((all) => {
      Reflect.deleteProperty(all, "oracle-tokyo");
      Reflect.deleteProperty(all, "azure-japan");
    });
    expect(messageFor(text)).toBe(
      [
        "outputs.json: 2 problems",
        `  connections.tokyo-oracle: must have facts; deploy stack oracle-tokyo, and give its outputs too: ${WRITE}`,
        `  connections.tokyo-azure: must have facts; deploy stack azure-japan, and give its outputs too: ${WRITE}`,
      ].join("\n"),
    );
  });

  it("sees that cdktf left the sensitive outputs out", () => {
    const text = outputs((all) => Reflect.deleteProperty(all["azure-japan"], "tunnel_facts"));
    expect(messageFor(text)).toBe(
      `outputs.json: 1 problem\n  connections.tokyo-azure: must have facts, and the outputs of stack azure-japan leave them out as sensitive; ${WRITE}`,
    );
  });

  it("needs no file for a site without connections, and one for any other", () => {
    const nothing = parseSite("site: bare\ncontrollers: {}\nnetworks: {}\nconnections: {}\n", "site.yaml");
    expect(readFacts([], nothing).connections.size).toBe(0);
    expect(messageOf(() => readFacts([], awsOnly))).toBe(
      `facts: 1 problem\n  connections.main-aws: must have facts; deploy stack aws-tokyo, and give its outputs too: ${WRITE}`,
    );
  });
});

describe("several files", () => {
  it("refuses two that differ about a connection or a network, and names both", () => {
    const other = outputs((all) => {
      Object.assign(tunnelOf(all, 1), { presharedKey: "AnotherKeyAltogether" });
      Object.assign(all["azure-japan"].network_facts, { securityGroup: "other-group" });
    });
    const files = [
      { name: "a.json", text: OUTPUTS },
      { name: "b.json", text: other },
    ];
    expect(messageOf(() => readFacts(files, threeClouds))).toBe(
      [
        "facts: 2 problems",
        "  b.json: aws-tokyo.tunnel_facts.connections.tokyo-aws: must be as in a.json, and connections.tokyo-aws has other facts there; give only the newer of the two",
        "  b.json: azure-japan.network_facts: must be as in a.json, and azure/japan has other facts there; give only the newer of the two",
      ].join("\n"),
    );
  });

  it("refuses an XML that has another key than the outputs", () => {
    const text = XML.replace("ExampleOnlymainaws1", "ExampleOnlymainaws9");
    expect(
      messageOf(() =>
        readFacts(
          [
            { name: "a.json", text: AWS_OUTPUTS },
            { name: "b.xml", text },
          ],
          awsOnly,
        ),
      ),
    ).toBe(
      "facts: 1 problem\n  b.xml: must be as in a.json, and connections.main-aws has other facts there; give only the newer of the two",
    );
  });

  it("reports every file's problems at once, with a file name that can't disturb a terminal", () => {
    const files = [
      { name: "a.json", text: "{" },
      { name: "\u001b[31mb.xml", text: "<a>" },
    ];
    expect(messageOf(() => readFacts(files, threeClouds))).toBe(
      [
        "facts: 2 problems",
        "  a.json: must be JSON or XML (line 1); write it with `cdktf output '*' --outputs-file outputs.json --outputs-file-include-sensitive-outputs`",
        '  "\\u001b[31mb.xml": must be well-formed XML (line 1); download it again, and change nothing in it',
      ].join("\n"),
    );
  });
});
