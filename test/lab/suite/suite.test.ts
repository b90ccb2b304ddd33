import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSite } from "../../../config/parse-site";
import { withCases } from "../../../lab/tunnels/suite/boot";
import { allBoots, quickBoots } from "../../../lab/tunnels/suite/boots";
import { gapTable } from "../../../lab/tunnels/suite/gap-table";
import { generatedFacts } from "../../../lab/tunnels/suite/generated-facts";
import { readGuestLine } from "../../../lab/tunnels/suite/run-boot";
import { type SiteVariant, siteVariant } from "../../../lab/tunnels/suite/site-variant";

const ROOT = join(__dirname, "../../..");
const guest = join(ROOT, "lab/tunnels/guest/cases");
const functions = readdirSync(guest)
  .flatMap((file) => [...readFileSync(join(guest, file), "utf8").matchAll(/^(case_\w+)\(\)/gm)])
  .map((match) => match[1]);

describe("the tunnel lab's plan", () => {
  const boots = allBoots();
  const cases = boots.flatMap((boot) => boot.cases);

  it("has every cloud with every routing, Libreswan and NAT", () => {
    const ids = new Set(cases.map(({ id }) => id));
    for (const libreswan of ["4.10", "5.2"])
      for (const nat of ["nat", "direct"])
        for (const routing of ["bgp", "static"])
          for (const cloud of ["aws", "oracle", "azure"])
            expect(ids).toContain(`${libreswan}/${nat}/${routing}/${cloud}`);
  });

  it("names each case once, says what it proves, and calls what the guest has", () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    for (const { id, proves, call } of cases) {
      expect(id).toMatch(/^[\w./-]+$/);
      expect(proves).not.toBe("");
      expect(functions).toContain(call.split(" ")[0]);
    }
  });

  it("begins each boot with what installs", () => {
    for (const {
      cases: [first],
    } of boots)
      expect(first?.call).toBe("case_install");
  });

  it("runs what a case continues from before it, and nothing else", () => {
    const life = boots.find(({ name }) => name === "4.10/life") as (typeof boots)[number];
    const words = withCases(life, ({ id }) => id.endsWith("/rollback")).cases.map(({ id }) => id.split("/")[2]);
    expect(words).toEqual(["install", "rotate", "changed", "rollback"]);
  });

  it("has every kind of case among the quick ones, each routing, NAT and none, and both versions", () => {
    const { chosen, left } = quickBoots();
    const kind = (id: string) => id.replace(/^[^/]+\/((nat|direct)\/(bgp|static)|two\/\w+)?/, "");
    const quick = new Set(chosen.flatMap((boot) => boot.cases.map(({ id }) => kind(id))));
    expect(cases.map(({ id }) => kind(id)).filter((id) => !quick.has(id))).toEqual([]);
    expect(new Set(chosen.map(({ variant }) => variant.libreswan))).toEqual(new Set(["4.10", "5.2"]));
    for (const setting of ["routing", "isBehindNat", "mode", "hasSecondController"] as const)
      expect(new Set(chosen.map(({ variant }) => variant[setting]))).toEqual(
        new Set(boots.map(({ variant }) => variant[setting])),
      );
    expect(chosen.length + left.length).toBe(boots.length);
  });

  it("makes site files that Kakehashi takes", () => {
    for (const { variant, laterTrees } of boots)
      for (const one of [variant, ...Object.values(laterTrees ?? {})]) parseSite(siteVariant(ROOT, one), "site.yaml");
  });
});

describe("the outputs of a deployment that was not made", () => {
  it("keep a tunnel's key until its epoch is raised, and give Azure's tunnels one", () => {
    const keys = new Map<string, string>();
    const facts = (pskEpochs: SiteVariant["pskEpochs"]) => {
      const text = siteVariant(ROOT, {
        libreswan: "4.10",
        routing: "bgp",
        isBehindNat: true,
        clouds: ["aws", "azure"],
        pskEpochs,
      });
      const outputs = JSON.parse(generatedFacts(parseSite(text, "site.yaml"), keys));
      const of = (stack: string, connection: string) => outputs[stack].tunnel_facts.connections[connection].tunnels;
      return { aws: of("aws-tokyo", "tokyo-aws"), azure: of("azure-japan", "tokyo-azure") };
    };
    const before = facts({});
    const after = facts({ aws: { 2: 2 } });
    expect(after.aws[1].presharedKey).toBe(before.aws[1].presharedKey);
    expect(after.aws[2].presharedKey).not.toBe(before.aws[2].presharedKey);
    expect(before.azure[1].presharedKey).toBe(before.azure[2].presharedKey);
    expect(before.aws[1].presharedKey).toMatch(/^k[0-9a-f]{47}$/);
  });
});

describe("what the guest says", () => {
  it.each([
    ["@begin 4.10/nat/bgp/aws\r", { kind: "begin", id: "4.10/nat/bgp/aws" }],
    ["@ok a/b 12.3", { kind: "ok", id: "a/b", seconds: 12.3 }],
    ["@FAILED a/b 8.0 no traffic: 3 lost", { kind: "FAILED", id: "a/b", seconds: 8, reason: "no traffic: 3 lost" }],
    ["@note a/b TCP out: 9 Mbit/s", { kind: "note", id: "a/b", text: "TCP out: 9 Mbit/s" }],
    ['@result a/b {"run":1}', { kind: "result", id: "a/b", text: '{"run":1}' }],
    ["[   12.3] @ok a/b 1.0", undefined],
    ["@other a/b", undefined],
    ["", undefined],
  ])("%j", (line, event) => {
    expect(readGuestLine(line)).toEqual(event);
  });
});

describe("the table of gaps", () => {
  const run = (row: string, out: number, back: number) => ({
    row,
    outboundOneWayMs: out,
    inboundOneWayMs: back,
    outboundRoundTripMs: out + 10,
    inboundRoundTripMs: back + 10,
  });

  it("gives nearest-rank percentiles in seconds, aligned, in the order of the runs", () => {
    const runs = [...Array.from({ length: 20 }, (_, at) => run("cut", (at + 1) * 100, 9_000)), run("kill", 50, 60)];
    expect(gapTable(runs)).toBe(
      [
        "| what breaks | runs | out p50 / p95 / worst | in p50 / p95 / worst | both p50 / p95 / worst |",
        "| ----------- | ---- | --------------------- | -------------------- | ---------------------- |",
        "| cut         | 20   | 1.0 / 1.9 / 2.0 s     | 9.0 / 9.0 / 9.0 s    | 9.0 / 9.0 / 9.0 s      |",
        "| kill        | 1    | 0.1 / 0.1 / 0.1 s     | 0.1 / 0.1 / 0.1 s    | 0.1 / 0.1 / 0.1 s      |",
      ].join("\n"),
    );
  });
});
