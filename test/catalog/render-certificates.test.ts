import { join } from "node:path";
import { renderCertificates } from "../../catalog/render-certificates";
import { loadSite } from "../../config/load-site";
import { parseSite } from "../../config/parse-site";

// RSA keys take their time on a busy machine.
jest.setTimeout(60_000);

const NOW = new Date();
const site = loadSite(join(__dirname, "../../examples/three-clouds/site.yaml"));

describe("renderCertificates", () => {
  it("writes each file under the names of both generations, the key for its owner alone", async () => {
    const files = await renderCertificates(site, () => undefined, NOW);
    expect(files.map(({ path, mode }) => [path, mode.toString(8)])).toEqual([
      ["catalog/tokyo/cert/ca.pem", "644"],
      ["catalog/tokyo/cert/occtr_ca.crt", "644"],
      ["catalog/tokyo/cert/occtr_cert.pem", "644"],
      ["catalog/tokyo/cert/occtr.crt", "644"],
      ["catalog/tokyo/cert/occtr_key.pem", "600"],
      ["catalog/tokyo/cert/occtr.key", "600"],
    ]);
    const contents = files.map(({ content }) => content);
    expect([contents[0], contents[2], contents[4]]).toEqual([contents[1], contents[3], contents[5]]);
    expect(contents.filter((content) => content.includes("PRIVATE KEY"))).toHaveLength(2);
  });

  it("keeps what an earlier run wrote, and makes new ones when they are about to end", async () => {
    const first = await renderCertificates(site, () => undefined, NOW);
    const written = new Map(first.map(({ path, content }) => [path, content]));
    expect(await renderCertificates(site, (path) => written.get(path), NOW)).toEqual(first);
    const later = new Date(NOW);
    later.setUTCFullYear(later.getUTCFullYear() + 5);
    const renewed = await renderCertificates(site, (path) => written.get(path), later);
    expect(renewed[0]?.content).not.toBe(first[0]?.content);
  });

  it("makes none for a controller that asks for none", async () => {
    const text =
      'site: bare\ncontrollers: { main: { publicIp: 203.0.113.20, privateIp: 192.168.10.5, subnets: [192.168.10.0/24], asn: 65010, libreswan: "4.10", vcController: {} } }\n';
    const rest =
      "networks: { aws: { tokyo: { region: ap-northeast-1, cidr: 172.30.0.0/16, subnets: { default: { cidr: 172.30.2.0/24, availabilityZone: ap-northeast-1a } } } } }\nconnections: { main-aws: { controller: main, network: aws/tokyo, routing: bgp } }\n";
    expect(await renderCertificates(parseSite(text + rest, "site.yaml"), () => undefined, NOW)).toEqual([]);
  });
});
