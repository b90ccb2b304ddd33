import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { lintCatalog } from "../../catalog/lint-catalog";
import { networksWithoutFacts } from "../../catalog/plan-catalog";
import { renderCatalog } from "../../catalog/render-catalog";
import { loadSite } from "../../config/load-site";
import { parseSite } from "../../config/parse-site";
import { readFacts } from "../../config/read-facts";
import type { Site } from "../../config/site";
import { messageOf } from "../config/facts/message-of";

const EXAMPLES = join(__dirname, "../../examples");
const EXPECTED = join(__dirname, "expected");

const factsOf = (name: string, site: Site) =>
  readFacts([{ name: "outputs.json", text: readFileSync(join(EXAMPLES, name, "facts/outputs.json"), "utf8") }], site);
const siteText = (name: string) => readFileSync(join(EXAMPLES, name, "site.yaml"), "utf8");
const pathsBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

describe("renderCatalog", () => {
  it.each(["three-clouds", "aws-only"])("writes for %s what is expected (UPDATE_CASES=1 rewrites)", (name) => {
    const site = loadSite(join(EXAMPLES, name, "site.yaml"));
    const files = renderCatalog(site, factsOf(name, site).networks);
    const folder = join(EXPECTED, name);
    if (process.env.UPDATE_CASES) {
      rmSync(folder, { recursive: true, force: true });
      for (const { path, content } of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
    }
    expect(files.map(({ path }) => path).sort()).toEqual(pathsBelow(folder).sort());
    for (const { path, content, mode } of files) {
      expect(content).toBe(readFileSync(join(folder, path), "utf8"));
      expect(mode).toBe(0o644);
    }
  });

  it.each(["three-clouds", "aws-only"])("makes a catalog of %s in which the linter finds nothing", (name) => {
    const site = loadSite(join(EXAMPLES, name, "site.yaml"));
    const [catalog] = renderCatalog(site, factsOf(name, site).networks);
    expect(lintCatalog(catalog?.content ?? "", "vpn_catalog.yml")).toEqual([]);
  });

  it("writes nothing for a site without a VC controller and without networks of the catalog's own", () => {
    const site = parseSite(siteText("aws-only").replace(/ +vcController.*\n/, ""), "site.yaml");
    expect(renderCatalog(site, new Map())).toEqual([]);
  });

  it("writes the catalog, and no controller's files, for a site that only lists Sakura's switches", () => {
    const site = parseSite(siteText("three-clouds").replace(/ +vcController.*\n/, ""), "site.yaml");
    const files = renderCatalog(site, factsOf("three-clouds", site).networks);
    expect(files.map(({ path }) => path)).toEqual(["catalog/vpn_catalog.yml", "catalog/sakura_config.yml"]);
  });

  it("refuses networks that are not deployed, all at once", () => {
    const site = loadSite(join(EXAMPLES, "three-clouds/site.yaml"));
    expect(networksWithoutFacts(site, new Map()).map(({ id }) => id)).toEqual([
      "aws/tokyo",
      "oracle/tokyo",
      "azure/japan",
    ]);
    expect(messageOf(() => renderCatalog(site, new Map()))).toBe(
      [
        "facts: 3 problems",
        "  networks.aws.tokyo: must have facts for the catalog; deploy stack aws-tokyo and give its outputs as facts",
        "  networks.oracle.tokyo: must have facts for the catalog; deploy stack oracle-tokyo and give its outputs as facts",
        "  networks.azure.japan: must have facts for the catalog; deploy stack azure-japan and give its outputs as facts",
      ].join("\n"),
    );
  });

  it("takes the ids of existing networks from the site file", () => {
    const text = siteText("aws-only")
      .replace(
        "      natGateway: public\n",
        "      existing: { vpcId: vpc-0123456789abcdef0, securityGroupId: sg-0123456789abcdef0 }\n",
      )
      .replace(
        "availabilityZone: ap-northeast-1a, public: true",
        "availabilityZone: ap-northeast-1a, public: true, subnetId: subnet-0123456789abcdef1",
      )
      .replace(
        "availabilityZone: ap-northeast-1a }",
        "availabilityZone: ap-northeast-1a, subnetId: subnet-0123456789abcdef2 }",
      );
    const [catalog] = renderCatalog(parseSite(text, "site.yaml"), new Map());
    expect(parseDocument(catalog?.content ?? "").toJS().aws.default).toEqual({
      aws_availability_zone: "ap-northeast-1a",
      aws_region: "ap-northeast-1",
      aws_vpc_subnet_id: "subnet-0123456789abcdef2",
      aws_vpc_security_group_id: "sg-0123456789abcdef0",
      private_network_ipmask: "172.30.2.0/24",
    });
  });

  const free = (network: string, values: string) =>
    parseSite(
      `site: free\ncontrollers: {}\nnetworks: { openstack: { ${network}: { subnets: { default: { values: ${values} } } } } }\nconnections: {}\n`,
      "site.yaml",
    );

  it("quotes what YAML 1.1 would take for something else", () => {
    const [catalog] = renderCatalog(
      free(
        "own",
        '{ a: "012345", b: "yes", c: "1e3", d: "12:30:45", e: 7, f: true, g: "a # b", h: "* x", i: "2026-01-01", j: "~" }',
      ),
      new Map(),
    );
    expect(catalog?.content).toContain(
      "    a: '012345'\n    b: 'yes'\n    c: '1e3'\n    d: '12:30:45'\n    e: 7\n    f: true\n    g: 'a # b'\n    h: '* x'\n    i: '2026-01-01'\n    j: '~'\n",
    );
  });

  it("refuses an OpenStack's name that is another provider's", () => {
    expect(messageOf(() => renderCatalog(free("aws", "{}"), new Map()))).toBe(
      "facts: 1 problem\n  networks.openstack.aws: must have a name of its own in the catalog, where it stands beside the other providers; rename it, for example openstack-aws",
    );
  });

  it("has onpremises whether or not the site has servers of its own", () => {
    const [catalog] = renderCatalog(free("own", "{}"), new Map());
    expect(parseDocument(catalog?.content ?? "").toJS()).toEqual({
      cci_version: "1.0",
      own: { default: {} },
      onpremises: { default: {} },
    });
  });

  it("refuses a VC controller whose address lies in none of its prefixes", () => {
    const site = parseSite(
      siteText("aws-only").replace("subnets: [192.168.10.0/24]", "subnets: [192.168.11.0/24]"),
      "site.yaml",
    );
    expect(messageOf(() => renderCatalog(site, factsOf("aws-only", site).networks))).toBe(
      'site file: 1 problem\n  controllers.main.privateIp: must lie in one of the controller\'s subnets, so that VC nodes reach it, got "192.168.10.5"; add its subnet to subnets',
    );
  });

  it("takes the longest prefix that holds the controller's address for its .env", () => {
    const site = parseSite(
      siteText("aws-only").replace("subnets: [192.168.10.0/24]", "subnets: [192.168.0.0/18, 192.168.64.0/24]"),
      "site.yaml",
    );
    const environment = renderCatalog(site, factsOf("aws-only", site).networks).find(
      ({ path }) => path === "catalog/main/.env",
    );
    expect(environment?.content).toContain("\nVCP_VCC_PRIVATE_IPMASK=192.168.10.5/18\n");
  });
});
