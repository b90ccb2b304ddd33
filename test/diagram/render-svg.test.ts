import { readFileSync } from "node:fs";
import { XMLValidator } from "fast-xml-parser";
import { loadSite } from "../../config/load-site";
import { parseSite } from "../../config/parse-site";
import { renderDot } from "../../diagram/render-dot";
import { renderMermaid } from "../../diagram/render-mermaid";
import { renderSvg } from "../../diagram/render-svg";

const site = loadSite("examples/three-clouds/site.yaml");

test("shows controllers, networks with prefixes, both tunnels, routing and proposals", async () => {
  const svg = await renderSvg(site);
  expect(XMLValidator.validate(svg)).toBe(true);
  for (const text of [
    "tokyo",
    "198.51.100.10 (NAT)",
    "172.30.0.0/16",
    "10.10.0.0/16",
    "10.20.0.0/16",
    "tokyo-aws-1",
    "tokyo-aws-2",
    "BGP 65010 ⇄ 64512",
    "static routes",
    "carries",
    "stands by",
    "IKE AES-256-GCM · SHA-384 · DH 20",
    "ESP AES-256-GCM · PFS 20",
    "sakura/isk",
    "172.23.1.0/24",
  ]) {
    expect(svg.replaceAll("&#45;", "-").replaceAll("&#160;", " ")).toContain(text);
  }
});

test("draws the same picture each time", async () => {
  expect(await renderSvg(site)).toBe(await renderSvg(site));
});

test("draws a line a tunnel, dashed where it stands by", () => {
  const lines = renderDot(site)
    .split("\n")
    .filter((line) => line.includes("->") && !line.includes("invis"));
  expect(lines).toHaveLength(3 * 2 * 2);
  expect(lines.filter((line) => line.includes("dashed"))).toHaveLength(6);
});

test("draws both tunnels of an active-active connection as carrying", () => {
  const text = readFileSync("examples/three-clouds/site.yaml", "utf8").replace(
    "network: oracle/tokyo, routing: bgp",
    "network: oracle/tokyo, routing: bgp, balance: active-active",
  );
  const lines = renderDot(parseSite(text, "site.yaml"))
    .split("\n")
    .filter((line) => line.includes("connection tokyo-oracle") && line.includes("->") && !line.includes("invis"));
  expect(lines.filter((line) => line.includes("dashed"))).toEqual([]);
});

test("shows a policy-based connection's one prefix pair", () => {
  const text = readFileSync("examples/aws-only/site.yaml", "utf8").replace(
    "routing: bgp",
    "routing: static, mode: policy-based",
  );
  expect(renderDot(parseSite(text, "site.yaml"))).toContain("192.168.10.0/24 ⇄ 172.30.0.0/16");
});

test("a description in Japanese is drawn as it is", async () => {
  const text = readFileSync("examples/aws-only/site.yaml", "utf8").replace(
    "main:\n",
    "main:\n    description: 本館 2階 サーバ室\n",
  );
  expect(await renderSvg(parseSite(text, "site.yaml"))).toContain("本館 2階 サーバ室");
});

test("Mermaid has a thick line for a tunnel that carries and a dotted one for one that stands by", () => {
  const lines = renderMermaid(site).split("\n");
  expect(lines[0]).toBe("flowchart LR");
  expect(lines.filter((line) => line.includes("==>"))).toHaveLength(3);
  expect(lines.filter((line) => line.includes(".->"))).toHaveLength(3);
});

describe("the roads of alarms", () => {
  const everything = loadSite("examples/everything/site.yaml");

  test("are drawn from where they begin over the relay's network, and into the chat behind the controller", () => {
    const lines = renderDot(everything)
      .split("\n")
      .filter((line) => line.includes("->") && /road|chat/.test(line) && !line.includes("invis"))
      .map((line) => line.trim().replace(/ \[.*$/, ""));
    expect(lines).toEqual([
      // Other sections' alarms begin there.
      '"road noc aws ap-northeast-1":in:w -> "aws/tokyo":out:e',
      '"oracle/tokyo":out:e -> "road noc oracle/tokyo":in:w',
      '"road noc oracle/tokyo":in:w -> "aws/tokyo":out:e',
      '"azure/japan":out:e -> "road noc azure/japan":in:w',
      '"road noc azure/japan":in:w -> "aws/tokyo":out:e',
      '"aws/tokyo":out:e -> "road noc-aws aws ap-northeast-1":in:w',
      '"road noc-aws aws ap-northeast-1":in:w -> "oracle/tokyo":out:e',
      '"chat campus":out:e -> "controller tokyo":in:w',
    ]);
  });

  test("say what they watch, by which relay they come home, and after how long", async () => {
    const svg = (await renderSvg(everything)).replaceAll("&#45;", "-").replaceAll("&#160;", " ");
    expect(XMLValidator.validate(svg)).toBe(true);
    for (const text of [
      "alarm noc",
      "from oracle/tokyo",
      "by-aws · aws/tokyo",
      "8–10 min",
      "chat campus",
      "10.0.2.30:443",
    ]) {
      expect(svg).toContain(text);
    }
    expect(renderMermaid(everything)).toContain('-. "home by" .->');
  });

  test("are left out of the picture of a site without alarms", () => {
    expect(renderDot(site)).not.toMatch(/road|chat/);
  });
});
