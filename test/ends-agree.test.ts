import { LIBRESWAN_VERSIONS } from "../config/schema/controllers";
import { loadCase } from "./helpers/load-case";
import { cloudEnds, controllerEnds, type TunnelEnd } from "./helpers/tunnel-ends";

// What the stacks tell a cloud and what the generator tells the controller, each read back from the files that they get.

const CASES = ["aws-bgp", "aws-static", "oracle-bgp", "oracle-static", "azure-bgp", "azure-static", "policy-based"];
const COMBINATIONS = CASES.flatMap((name) => LIBRESWAN_VERSIONS.map((version) => [name, version] as const));

/** Strong by today's measure: nothing below AES-256, SHA-2 and group 14. */
const STRONG_IKE = /^(gcm256|cbc256) sha(256|384) dh(14|19|20)$/;
const STRONG_ESP = /^(gcm256|cbc256 sha(256|384)) pfs(14|19|20)$/;

const intersection = (a: readonly string[], b: readonly string[]) => a.filter((one) => b.includes(one));

describe.each(COMBINATIONS)("%s with Libreswan %s", (name, version) => {
  const { site, facts } = loadCase(name, version);
  const [controller] = site.controllers;
  const controllers = controllerEnds(site, controller as NonNullable<typeof controller>, facts);
  const clouds = cloudEnds(site);
  const tunnels = [...clouds].map(([tunnel, cloud]) => [tunnel, controllers.get(tunnel) as TunnelEnd, cloud] as const);

  test("has both tunnels on both ends", () => {
    expect(tunnels.map(([tunnel, own]) => [tunnel, own !== undefined])).toEqual(
      [...clouds.keys()].map((tunnel) => [tunnel, true]),
    );
    expect(tunnels).toHaveLength(2);
  });

  test.each(tunnels)(
    "%s: the proposals meet in exactly one, a strong one, with PFS of IKE's own group",
    (_, own, cloud) => {
      const [ike, esp] = [intersection(own.ike, cloud.ike), intersection(own.esp, cloud.esp)];
      expect([ike.length, esp.length]).toEqual([1, 1]);
      expect(ike[0]).toMatch(STRONG_IKE);
      expect(esp[0]).toMatch(STRONG_ESP);
      expect(/pfs(\d+)/.exec(esp[0] as string)?.[1]).toBe(/dh(\d+)/.exec(ike[0] as string)?.[1]);
      expect([own.isIkev2Only, cloud.isIkev2Only]).toEqual([true, true]);
    },
  );

  test.each(tunnels)("%s: lifetimes are equal and rekey windows do not touch", (_, own, cloud) => {
    expect(own.childLifetimeSeconds).toBe(cloud.childLifetimeSeconds);
    // Azure has 28,800 s fixed.
    expect(own.ikeLifetimeSeconds).toBe(cloud.ikeLifetimeSeconds ?? 28_800);
    if (cloud.rekeyWindow && own.rekeyWindow) expect(own.rekeyWindow[0]).toBeGreaterThan(cloud.rekeyWindow[1]);
    expect(own.rekeyWindow?.[1]).toBeLessThan(own.childLifetimeSeconds / 2);
  });

  test.each(tunnels)("%s: the controller notices a dead peer before the cloud gives it up", (_, own, cloud) => {
    expect(own.deadAfterSeconds).toBeLessThan(cloud.deadAfterSeconds);
  });

  test.each(tunnels)("%s: identities are the controller's public address on both ends", (_, own, cloud) => {
    expect(own.controllerId).toBe(cloud.controllerId);
  });

  test.each(tunnels)("%s: one end at least begins, and behind NAT the controller does", (tunnel, own, cloud) => {
    const isSecondPolicyTwin = name === "policy-based" && tunnel.endsWith("-2");
    expect(own.doesControllerInitiate || isSecondPolicyTwin).toBe(true);
    expect(cloud.mayCloudInitiate).toBe(!controller?.behindNat);
  });

  test.each(tunnels)("%s: inside addresses are the same on both ends", (_, own, cloud) => {
    if (cloud.inside && own.inside) expect(own.inside).toEqual(cloud.inside);
    if (site.connections[0]?.routing === "bgp")
      expect([own.inside, cloud.inside]).toEqual([expect.any(Object), expect.any(Object)]);
  });

  test.each(tunnels)("%s: selectors mirror each other", (_, own, cloud) => {
    expect(own.selectors).toEqual(cloud.selectors);
  });

  test.each(tunnels)("%s: routing is of one kind, with the same ASNs or the same prefixes", (_, own, cloud) => {
    expect([own.bgp !== undefined, own.staticPrefixes]).toEqual([cloud.bgp !== undefined, cloud.staticPrefixes]);
    if (own.bgp && cloud.bgp) {
      expect(own.bgp.controllerAsn).toBe(cloud.bgp.controllerAsn);
      // Oracle's is fixed and stands in no file of ours.
      expect(own.bgp.cloudAsn).toBe(cloud.bgp.cloudAsn ?? 31_898);
      if (cloud.bgp.peerOfCloud) expect(own.bgp.peerOfCloud).toBe(cloud.bgp.peerOfCloud);
    }
  });
});
