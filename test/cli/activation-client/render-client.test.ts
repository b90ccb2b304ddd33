import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { type ActivationClient, renderActivationClient } from "../../../cli/activation-client/render-client";
import { ACTIVATION_FACTS } from "../../helpers/activation-facts";

const TOKEN = "s".repeat(48);
const KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDM=\n-----END PGP PUBLIC KEY BLOCK-----\n";
const FORWARDED = { ...ACTIVATION_FACTS, resolverAddresses: ["172.30.2.10", "172.30.3.10"] };
const render = (more: Partial<ActivationClient> = {}) =>
  new Map(
    renderActivationClient({ facts: ACTIVATION_FACTS, token: TOKEN, agentKey: KEY, ...more }).map((file) => [
      file.path,
      file,
    ]),
  );
const conf = (more: Partial<ActivationClient>) => render(more).get("linux/etc/kakehashi/activation.conf")?.content;

describe("the files of an API's clients", () => {
  it("are these, with modes that keep the token to root", () => {
    expect([...render().values()].map(({ path, mode }) => `${mode.toString(8)} ${path}`)).toEqual([
      "644 linux/etc/kakehashi/activation.conf",
      "600 linux/etc/kakehashi/activation-token",
      "644 linux/etc/kakehashi/amazon-ssm-agent.asc",
      "644 linux/etc/systemd/system/kakehashi-register.service",
      "755 linux/usr/local/sbin/kakehashi-register",
      "755 linux/install.sh",
      "600 cloud-init.yaml",
      "644 windows/activation.json",
      "600 windows/activation-token.txt",
      "644 windows/register.ps1",
    ]);
  });

  it("have no token where the API asks for none, and no key where none was given", () => {
    const paths = [...render({ token: undefined, agentKey: undefined }).keys()];
    expect(paths.filter((path) => /token|\.asc/.test(path))).toEqual([]);
  });

  it("call the name that public DNS answers, unless there is a resolver endpoint or another name is wanted", () => {
    const url = (host: string) => `url=https://${host}/v1\nregion=ap-northeast-1\napi_id=`;
    expect(conf({})).toContain(`${url(ACTIVATION_FACTS.aliasHost)}\n`);
    expect(conf({ facts: FORWARDED })).toContain(`${url(ACTIVATION_FACTS.privateHost)}\n`);
    expect(conf({ facts: FORWARDED, host: "alias" })).toContain(`${url(ACTIVATION_FACTS.aliasHost)}\n`);
    expect(conf({ host: "endpoint" })).toContain(`${url(ACTIVATION_FACTS.endpointHost)}a1b2c3d4e5\n`);
  });

  it("say the same to cloud-init, byte by byte", () => {
    const files = render();
    const cloudInit = files.get("cloud-init.yaml")?.content ?? "";
    expect(cloudInit.startsWith("#cloud-config\n")).toBe(true);
    const { write_files, runcmd } = parse(cloudInit);
    const written = write_files.map((one: { path: string; permissions: string; content: string }) => [
      `linux${one.path}`,
      Number.parseInt(one.permissions, 8),
      Buffer.from(one.content, "base64").toString(),
    ]);
    const expected = [...files.values()]
      .filter(({ path }) => /^linux\/(etc|usr)\//.test(path))
      .map(({ path, mode, content }) => [path, mode, content]);
    expect(written).toEqual(expected);
    expect(runcmd.at(-1)).toEqual(["systemctl", "enable", "--now", "--no-block", "kakehashi-register.service"]);
  });

  it("forward the API's own name, and nothing else, to the VPC's resolver", () => {
    const files = render({ facts: FORWARDED });
    const text = (name: string) => files.get(`dns/${name}`)?.content;
    const name = "a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com";
    expect(text("dnsmasq.conf")).toBe(
      `# /etc/dnsmasq.d/kakehashi-activation.conf\nserver=/${name}/172.30.2.10\nserver=/${name}/172.30.3.10\nrebind-domain-ok=/${name}/\n`,
    );
    expect(text("unbound.conf")).toBe(
      `# /etc/unbound/unbound.conf.d/kakehashi-activation.conf\nserver:\n  private-domain: "${name}"\nforward-zone:\n  name: "${name}"\n  forward-addr: 172.30.2.10\n  forward-addr: 172.30.3.10\n`,
    );
    expect(text("named.conf")).toBe(
      `// /etc/bind/named.conf.local\nzone "${name}" {\n  type forward;\n  forward only;\n  forwarders { 172.30.2.10; 172.30.3.10; };\n};\n`,
    );
    expect(text("windows-dns.ps1")).toBe(
      `# On a Windows DNS server, once:\nAdd-DnsServerConditionalForwarderZone -Name '${name}' -MasterServers 172.30.2.10,172.30.3.10\n`,
    );
    expect([...render().keys()].filter((path) => path.startsWith("dns/"))).toEqual([]);
  });

  it("hold the token in its own files only", () => {
    const holders = [...render().values()].filter(({ content }) => content.includes(TOKEN)).map(({ path }) => path);
    expect(holders).toEqual(["linux/etc/kakehashi/activation-token", "windows/activation-token.txt"]);
  });
});
