import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  brokenInsideRule,
  deriveInsideCidrs,
  insideAddresses,
  insideCidrPool,
  interfaceNumber,
} from "../../config/inside-cidrs";
import { parseSite } from "../../config/parse-site";
import type { Cloud } from "../../config/proposals";
import { type Cidr, parseCidr } from "../../config/values/cidr";
import { refusal } from "../helpers/whole-site";

const CLOUDS: readonly Cloud[] = ["aws", "oracle", "azure"];
const key = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
const cloud = fc.constantFrom(...CLOUDS);

describe("derived inside CIDRs", () => {
  it("stay what they were: a release that changed them would renumber deployed tunnels", () => {
    expect(CLOUDS.map((one) => deriveInsideCidrs("tokyo-aws", one))).toEqual([
      ["169.254.80.8/30", "169.254.80.12/30"],
      ["169.254.80.8/30", "169.254.80.12/30"],
      ["169.254.21.8/30", "169.254.21.12/30"],
    ]);
  });

  it("are two different ones of the pool that their cloud takes", () => {
    fc.assert(
      fc.property(key, cloud, (name, where) => {
        const [first, second] = deriveInsideCidrs(name, where);
        expect(first).not.toBe(second);
        expect([first, second].map((cidr) => brokenInsideRule(cidr, where))).toEqual([undefined, undefined]);
      }),
    );
  });

  it.each(CLOUDS)("come from a pool whose every CIDR %s takes, once each", (where) => {
    const pool = [...insideCidrPool(where)];
    expect(new Set(pool).size).toBe(pool.length);
    expect(pool).toHaveLength(where === "azure" ? 128 : 4_096);
    expect(pool.filter((cidr) => brokenInsideRule(cidr, where) !== undefined)).toEqual([]);
  });

  it("give the cloud the first address and the controller the second", () => {
    expect(insideAddresses(parseCidr("169.254.64.0/30"))).toEqual({
      cloud: "169.254.64.1",
      controller: "169.254.64.2",
    });
  });

  it("number interfaces from 11 to 16394, each CIDR its own", () => {
    expect(interfaceNumber("169.254.0.0/30" as Cidr)).toBe(11);
    expect(interfaceNumber("169.254.0.4/30" as Cidr)).toBe(12);
    expect(interfaceNumber("169.254.255.252/30" as Cidr)).toBe(16_394);
  });
});

/** A site with these connections to AWS, each to a network of its own. */
function siteWith(keys: readonly string[]): string {
  const networks = keys.map(
    (name, at) => `    ${name}: { region: eu-west-1, cidr: 172.${16 + (at % 16)}.0.0/16, subnets: {} }`,
  );
  return `site: s
controllers:
  c: { publicIp: 198.51.100.1, privateIp: 192.168.0.9, subnets: [10.0.0.0/16], asn: 65010, libreswan: "5.2" }
networks:
  aws:
${networks.join("\n")}
connections:
${keys.map((name) => `  ${name}: { controller: c, network: aws/${name}, routing: bgp }`).join("\n")}
`;
}

const tunnelsOf = (text: string) =>
  new Map(
    parseSite(text, "site.yaml").connections.map(({ key: name, tunnels }) => [
      name as string,
      tunnels.map(({ insideCidr, interfaceNumber: number, controllerInsideAddress, cloudInsideAddress }) => ({
        insideCidr,
        number,
        controllerInsideAddress,
        cloudInsideAddress,
      })),
    ]),
  );

describe("adding, removing and moving connections", () => {
  it("never renumbers another", () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 2, maxLength: 12 }), fc.nat(), (names, seed) => {
        // Two names that meet in one pair are refused, and then nothing is numbered at all.
        fc.pre(refusal(siteWith(names)) === "");
        const all = tunnelsOf(siteWith(names));
        const rotated = names.map((_, at) => names[(at + seed) % names.length] as string);
        for (const some of [
          rotated,
          names.slice(1),
          names.slice(0, -1),
          names.filter((_, at) => at % 2 === seed % 2),
        ]) {
          if (some.length === 0) continue;
          for (const [name, tunnels] of tunnelsOf(siteWith(some))) expect(tunnels).toEqual(all.get(name));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("following the advice about collisions once leaves none", () => {
    // 15 connections that all write the same inside CIDRs.
    const names = Array.from({ length: 15 }, (_, at) => `c${at}`);
    const given = (cidrs: ReadonlyMap<string, string>) =>
      names.reduce(
        (text, name) =>
          text.replace(
            `network: aws/${name}, routing: bgp`,
            `network: aws/${name}, routing: bgp, tunnels: { 1: { insideCidr: ${cidrs.get(`${name}.1`) ?? "169.254.64.0/30"} }, 2: { insideCidr: ${cidrs.get(`${name}.2`) ?? "169.254.64.4/30"} } }`,
          ),
        siteWith(names),
      );
    const advice = [
      ...refusal(given(new Map())).matchAll(
        /connections\.(c\d+)\.tunnels\.(\d)\.insideCidr: .* write insideCidr: (\S+)/g,
      ),
    ];
    expect(advice).toHaveLength(28);
    expect(refusal(given(new Map(advice.map(([, name, number, cidr]) => [`${name}.${number}`, cidr as string]))))).toBe(
      "",
    );
  });

  it("advice never names what another connection derives", () => {
    const names = Array.from({ length: 15 }, (_, at) => `n${at}`);
    const taken = new Set(names.flatMap((name) => deriveInsideCidrs(name, "aws")));
    const text = siteWith(names).replace(
      /n3, routing: bgp/,
      `n3, routing: bgp, tunnels: { 1: { insideCidr: ${deriveInsideCidrs("n9", "aws")[0]} } }`,
    );
    const [, cidr] = /write insideCidr: (\S+)/.exec(refusal(text)) ?? [];
    expect(cidr).toMatch(/^169\.254\.\d+\.\d+\/30$/);
    expect(taken.has(cidr as Cidr)).toBe(false);
  });

  it("says so when the pool is used up", () => {
    const names = Array.from({ length: 66 }, (_, at) => `z${at}`);
    const text = `site: s
controllers:
  c: { publicIp: 198.51.100.1, privateIp: 192.168.0.9, subnets: [10.0.0.0/16], asn: 65010, libreswan: "5.2" }
networks:
  azure:
${names.map((name, at) => `    ${name}: { location: japaneast, cidr: 11.${at}.0.0/16, gatewaySubnet: 11.${at}.0.0/27, subnets: {} }`).join("\n")}
connections:
${names.map((name) => `  ${name}: { controller: c, network: azure/${name}, routing: bgp }`).join("\n")}
`;
    expect(refusal(text)).toContain("; the pool is used up: write one by hand (line ");
  });
});
