import { PROPOSALS } from "../../config/proposals";
import { LIBRESWAN_VERSIONS } from "../../config/schema/controllers";
import { TUNNEL_PARAMETERS } from "../../config/tunnel-parameters";
import type { ControllerPlan, TunnelPlan } from "../../libreswan/controller-plan";
import { renderController } from "../../libreswan/render-controller";
import { CASE_NAMES, planCase } from "../helpers/load-case";

/** Every scenario on every version. */
const PLANS: readonly ControllerPlan[] = LIBRESWAN_VERSIONS.flatMap((version) =>
  CASE_NAMES.flatMap((name) => planCase(name, version)),
);

const tunnelsOf = (plan: ControllerPlan): TunnelPlan[] => plan.connections.flatMap(({ tunnels }) => [...tunnels]);
const TUNNELS = PLANS.flatMap(tunnelsOf);
const ROUTE_BASED = TUNNELS.filter(({ mode }) => mode === "route-based");
const POLICY_BASED = TUNNELS.filter(({ mode }) => mode === "policy-based");

const settingOf = ({ settings }: TunnelPlan, key: string): string | undefined =>
  settings.find(([name]) => name === key)?.[1];
const secondsOf = (tunnel: TunnelPlan, key: string): number => Number(settingOf(tunnel, key)?.replace(/s$/, ""));

describe("what has broken tunnels before", () => {
  it("looks at every kind of tunnel", () => {
    expect(ROUTE_BASED.length).toBeGreaterThan(40);
    expect(POLICY_BASED.length).toBe(2 * LIBRESWAN_VERSIONS.length);
  });

  it("lets pluto find the gateway itself: an address in left= loses it", () => {
    for (const tunnel of TUNNELS) expect(settingOf(tunnel, "left")).toBe("%defaultroute");
  });

  it("identifies itself by the public address, as the cloud knows it, and the cloud by its own", () => {
    for (const plan of PLANS) {
      for (const tunnel of tunnelsOf(plan)) {
        expect(settingOf(tunnel, "leftid")).toBe(plan.publicIp);
        expect(settingOf(tunnel, "right")).toBe(tunnel.cloudAddress);
        expect(settingOf(tunnel, "rightid")).toBe(tunnel.cloudAddress);
        expect(tunnel.secret).toMatchObject({ localId: plan.publicIp, remoteId: tunnel.cloudAddress });
      }
    }
  });

  it("asks for IKEv2 alone, once, in one of the two ways", () => {
    for (const { settings } of TUNNELS) {
      const ways = settings
        .filter(([key]) => key === "ikev2" || key === "keyexchange")
        .map((setting) => setting.join("="));
      expect(["ikev2=insist", "keyexchange=ikev2"].filter((way) => ways.includes(way))).toEqual(ways);
      expect(ways).toHaveLength(1);
    }
  });

  it("gives each route-based tunnel a mark of its own, with its mask, and the interface of the same number", () => {
    for (const tunnel of ROUTE_BASED) {
      const number = tunnel.device?.number;
      expect(settingOf(tunnel, "mark")).toBe(`${number}/0xffffffff`);
      expect(settingOf(tunnel, "ipsec-interface") ?? settingOf(tunnel, "vti-interface")?.replace("vti", "")).toBe(
        `${number}`,
      );
    }
    for (const plan of PLANS) {
      const marks = tunnelsOf(plan).flatMap((tunnel) => settingOf(tunnel, "mark") ?? []);
      expect(new Set(marks).size).toBe(marks.length);
    }
  });

  it("numbers interfaces from 11 up, clear of the ipsec1 that a crash of 4.10 leaves behind, with names that the kernel takes", () => {
    for (const { device } of ROUTE_BASED) {
      expect(device?.number).toBeGreaterThanOrEqual(11);
      expect(device?.name).toMatch(/^(ipsec|vti)\d+$/);
      expect(device?.name.length).toBeLessThanOrEqual(15);
    }
  });

  it("offers everything on a route-based tunnel, and routes no VTI by itself", () => {
    for (const tunnel of ROUTE_BASED) {
      expect([settingOf(tunnel, "leftsubnet"), settingOf(tunnel, "rightsubnet")]).toEqual(["0.0.0.0/0", "0.0.0.0/0"]);
      if (settingOf(tunnel, "vti-interface")) expect(settingOf(tunnel, "vti-routing")).toBe("no");
    }
  });

  it.each(["mtu", "leftsourceip", "interface-ip", "leftinterface-ip"])("never writes %s=", (key) => {
    expect(TUNNELS.filter((tunnel) => settingOf(tunnel, key) !== undefined)).toEqual([]);
  });

  it("starts both tunnels, but only the first of two policy-based twins", () => {
    for (const tunnel of ROUTE_BASED) expect(settingOf(tunnel, "auto")).toBe("start");
    for (const tunnel of POLICY_BASED) expect(settingOf(tunnel, "auto")).toBe(tunnel.number === 1 ? "start" : "add");
  });

  it("gives a policy-based tunnel its one prefix pair, without mark or interface", () => {
    for (const tunnel of POLICY_BASED) {
      expect([settingOf(tunnel, "leftsubnet"), settingOf(tunnel, "rightsubnet")]).toEqual([
        tunnel.localPrefixes[0],
        tunnel.remotePrefixes[0],
      ]);
      for (const key of ["mark", "ipsec-interface", "vti-interface"]) expect(settingOf(tunnel, key)).toBeUndefined();
    }
  });

  it("uses one group for IKE and PFS: 4.10 rekeys with IKE's whatever esp= says", () => {
    for (const tunnel of TUNNELS) {
      const groups = ["ike", "esp"].map((key) => /;(dh\d+)$/.exec(settingOf(tunnel, key) ?? "")?.[1]);
      expect(groups[0]).toMatch(/^dh(14|19|20)$/);
      expect(groups[1]).toBe(groups[0]);
      expect(settingOf(tunnel, "pfs")).toBe("yes");
    }
  });

  it("writes one proposal a cloud, so that both ends can only meet in that one", () => {
    for (const tunnel of TUNNELS) {
      expect(PROPOSALS[tunnel.cloud]).toHaveLength(1);
      expect(settingOf(tunnel, "ike")).not.toContain(",");
      expect(settingOf(tunnel, "esp")).not.toContain(",");
    }
  });

  it("rekeys in a window that ends before the cloud's begins", () => {
    for (const tunnel of TUNNELS) {
      const { cloudRekeyMarginSeconds, cloudRekeyFuzzPercent, ikeLifetimeSeconds, childLifetimeSeconds } =
        TUNNEL_PARAMETERS[tunnel.cloud];
      const latestByController = secondsOf(tunnel, "rekeymargin");
      const earliestByController =
        latestByController * (1 + Number(settingOf(tunnel, "rekeyfuzz")?.replace("%", "")) / 100);
      const earliestByCloud = cloudRekeyMarginSeconds * (1 + cloudRekeyFuzzPercent / 100);
      // Counted back from the lifetime's end.
      expect(latestByController).toBeGreaterThan(earliestByCloud);
      expect(earliestByController).toBeLessThan(childLifetimeSeconds);
      expect(secondsOf(tunnel, "ikelifetime")).toBe(ikeLifetimeSeconds);
      expect(secondsOf(tunnel, settingOf(tunnel, "ipsec-lifetime") ? "ipsec-lifetime" : "salifetime")).toBe(
        childLifetimeSeconds,
      );
    }
  });

  it("notices a dead cloud by retransmit-timeout=, whose 60 s IKEv2 would wait otherwise", () => {
    for (const tunnel of TUNNELS) {
      const { controllerDpdDelaySeconds, controllerDpdTimeoutSeconds } = TUNNEL_PARAMETERS[tunnel.cloud];
      expect(secondsOf(tunnel, "dpddelay")).toBe(controllerDpdDelaySeconds);
      expect(secondsOf(tunnel, "retransmit-timeout")).toBe(controllerDpdTimeoutSeconds);
    }
  });

  it("forces encapsulation behind NAT, and counts its 8 bytes", () => {
    for (const plan of PLANS) {
      for (const tunnel of tunnelsOf(plan)) {
        expect(settingOf(tunnel, "encapsulation")).toBe(plan.isBehindNat ? "yes" : "auto");
        const size = tunnel.cloud === "azure" ? [1400, 1350] : plan.isBehindNat ? [1438, 1398] : [1446, 1406];
        expect([tunnel.mtuBytes, tunnel.mssBytes]).toEqual(size);
      }
    }
  });

  it("writes each key of a conn once: 5.2 warns of a second", () => {
    for (const { settings } of TUNNELS) expect(new Set(settings.map(([key]) => key)).size).toBe(settings.length);
  });

  it("quotes each secret, one a line, indexed by both ids, and in the first column", () => {
    const lines = PLANS.flatMap((plan) => renderController(plan))
      .filter(({ path }) => path.endsWith(".secrets"))
      .flatMap(({ content }) => content.split("\n").filter((line) => line !== "" && !line.startsWith("#")));
    expect(lines).toHaveLength(TUNNELS.length);
    for (const line of lines) expect(line).toMatch(/^[\d.]+ [\d.]+ : PSK "[1-9A-Za-z][0-9A-Za-z]{7,63}"$/);
  });

  it("ends every line with LF and holds no tab in Libreswan's files", () => {
    for (const { path, content } of PLANS.flatMap((plan) => renderController(plan))) {
      expect([path, content.includes("\r"), content.endsWith("\n")]).toEqual([path, false, true]);
      if (path.startsWith("etc/ipsec")) expect([path, content.includes("\t")]).toEqual([path, false]);
    }
  });
});
