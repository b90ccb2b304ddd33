import type { TunnelPlan } from "../../libreswan/controller-plan";
import { renderController } from "../../libreswan/render-controller";
import { type FrrLabTunnel, runFrrLab } from "../helpers/frr-lab";
import { whyMissing, whyNoNamespace } from "../helpers/ipsec-tools";
import { planCase } from "../helpers/load-case";

const reason = whyMissing("vtysh") ?? whyNoNamespace();
const itLive: typeof it.skip = reason === undefined ? it : it.skip;
const why = reason === undefined ? "" : ` (skipped: ${reason})`;

type Seen = Readonly<Record<string, string>>;

/** The scenario's own frr.conf, in a namespace, with two clouds that speak BGP. */
async function run(name: string, destination: string): Promise<Seen> {
  const [plan] = planCase(name);
  const [connection] = plan?.connections ?? [];
  if (!plan || !connection) throw new Error(`${name} has no connection`);
  const wire = ({ name: tunnel, device }: TunnelPlan): FrrLabTunnel => ({
    tunnel,
    interface: device?.name ?? "",
    controllerInside: device?.controllerInsideAddress ?? "",
    cloudInside: device?.cloudInsideAddress ?? "",
  });
  return runFrrLab({
    frrConf: renderController(plan).find(({ path }) => path === "etc/frr/frr.conf")?.content ?? "",
    asn: plan.asn,
    cloudAsn: plan.bgp?.neighbors[0]?.asn ?? 0,
    networkCidr: plan.bgp?.neighbors[0]?.acceptedPrefix ?? "",
    destination,
    tunnels: [wire(connection.tunnels[0]), wire(connection.tunnels[1])],
  });
}

describe("a real FRR with the rendered frr.conf", () => {
  // Side by side: most of their time is waiting for sessions.
  let azure: Seen = {};
  let aws: Seen = {};
  beforeAll(async () => {
    if (reason === undefined)
      [azure, aws] = await Promise.all([run("azure-bgp", "10.20.2.4"), run("aws-bgp", "172.30.2.9")]);
  }, 100_000);

  itLive(`on Azure, both sessions from one address, tunnel 1 first${why}`, () => {
    const seen = azure;
    const way = (at: 0 | 1) =>
      expect.stringMatching(new RegExp(`^10\\.20\\.2\\.4 via \\S+ dev ipsec${[1453, 1454][at]} src 10\\.0\\.2\\.15`));
    const prefixes = (label: string) => seen[label]?.split("\n").map((line) => line.split(" ")[0]);
    expect(seen.start).toBe("");
    expect(seen["both: way"]).toEqual(way(0));
    expect(seen["both: cloud 1"]).toMatch(/^10\.0\.2\.0\/24 .* 65010$/);
    expect(seen["both: cloud 2"]).toMatch(/^10\.0\.2\.0\/24 .* 65010 65010 65010$/);
    expect(seen["both: received"]).toMatch(/^10\.20\.0\.0\/16 .*$/);
    expect(seen["dead: way"]).toEqual(way(1));
    expect(prefixes("dead: cloud 2")).toEqual(["10.0.2.0/24", "10.0.2.0/25", "10.0.2.128/25"]);
    expect(seen["back: way"]).toEqual(way(0));
    expect(prefixes("back: cloud 2")).toEqual(["10.0.2.0/24"]);
    expect(seen["none: way"]).toBe("RTNETLINK answers: No route to host");
  });

  itLive(`on AWS, where only a tie is settled${why}`, () => {
    const seen = aws;
    expect(seen.start).toBe("");
    expect(seen["both: way"]).toMatch(/^172\.30\.2\.9 via \S+ dev ipsec5133 src 10\.0\.2\.15/);
    expect(seen["both: cloud 2"]).toMatch(/^10\.0\.2\.0\/24 .* 65010$/);
    expect(seen["both: cloud 2"]).not.toContain("65010 65010");
    expect(seen["dead: way"]).toMatch(/dev ipsec5134 src 10\.0\.2\.15/);
    expect(seen["none: way"]).toBe("RTNETLINK answers: No route to host");
  });
});
