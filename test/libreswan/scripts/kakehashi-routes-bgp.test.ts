import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { CONTROLLER_HOST, NETWORK, TwoTunnels, whyNoTwoTunnels } from "./two-tunnels";

jest.setTimeout(90_000);

const FRR = "/usr/lib/frr";
const why = whyNoTwoTunnels("vtysh", `${FRR}/bgpd`);
const check = why ? it.skip : it;

/** As render writes it, with Azure's timers: BGP alone would take three minutes. */
const CONTROLLER_FRR = `frr defaults traditional
ip prefix-list kk-local seq 5 permit 10.0.2.0/24
ip prefix-list kk-halves seq 5 permit 10.0.2.0/25
ip prefix-list kk-halves seq 10 permit 10.0.2.128/25
ip prefix-list kk-net-in seq 5 permit ${NETWORK} le 32
${[1, 2]
  .map(
    (n) => `route-map kk-net-${n}-in permit 10
 match ip address prefix-list kk-net-in
route-map kk-net-${n}-out permit 10
 match ip address prefix-list kk-local
route-map kk-net-${n}-takeover permit 10
 match ip address prefix-list kk-local
route-map kk-net-${n}-takeover permit 20
 match ip address prefix-list kk-halves`,
  )
  .join("\n")}
route-map kk-source permit 10
 set src ${CONTROLLER_HOST}
ip protocol bgp route-map kk-source
router bgp 65010
 bgp router-id ${CONTROLLER_HOST}
 bgp graceful-restart-disable
 no bgp network import-check
 neighbor 169.254.64.1 remote-as 64512
 neighbor 169.254.64.1 timers 60 180
 neighbor 169.254.64.1 timers connect 2
 neighbor 169.254.64.5 remote-as 64512
 neighbor 169.254.64.5 timers 60 180
 neighbor 169.254.64.5 timers connect 2
 address-family ipv4 unicast
  network 10.0.2.0/24
  network 10.0.2.0/25
  network 10.0.2.128/25
  neighbor 169.254.64.1 route-map kk-net-1-in in
  neighbor 169.254.64.1 route-map kk-net-1-out out
  neighbor 169.254.64.5 route-map kk-net-2-in in
  neighbor 169.254.64.5 route-map kk-net-2-out out
  maximum-paths 1
`;
const CLOUD_FRR = `frr defaults datacenter
router bgp 64512
 bgp router-id 172.30.0.1
 no bgp network import-check
 no bgp ebgp-requires-policy
 neighbor 169.254.64.2 remote-as 65010
 neighbor 169.254.64.2 timers connect 2
 neighbor 169.254.64.6 remote-as 65010
 neighbor 169.254.64.6 timers connect 2
 address-family ipv4 unicast
  network ${NETWORK}
`;

function startFrr(pair: TwoTunnels, name: string, namespace: string, conf: string): void {
  const dir = join(pair.dir, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "zebra.conf"), "");
  writeFileSync(join(dir, "bgpd.conf"), conf);
  chmodSync(pair.dir, 0o755);
  spawnSync("chown", ["-R", "frr:frr", dir]);
  for (const daemon of ["zebra", "bgpd"]) startDaemon(pair, name, namespace, daemon);
}

function startDaemon(pair: TwoTunnels, name: string, namespace: string, daemon: string): void {
  const dir = join(pair.dir, name);
  const common = [
    "-d",
    "-f",
    `${dir}/${daemon}.conf`,
    "-i",
    `${dir}/${daemon}.pid`,
    "-z",
    `${dir}/zserv.api`,
    "--vty_socket",
    dir,
    "-A",
    "127.0.0.1",
    "-P",
    "0",
  ];
  const { status, stderr } = spawnSync("ip", ["netns", "exec", namespace, join(FRR, daemon), ...common], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}

let pair: TwoTunnels | undefined;
afterEach(async () => {
  await pair?.remove();
});

describe(`kakehashi-routes, BGP${why ? ` (skipped: ${why})` : ""}`, () => {
  check("moves both directions within seconds where BGP would take minutes, and leaves nothing shut", async () => {
    const it = await TwoTunnels.make({ routing: "bgp" });
    pair = it;
    startFrr(it, "frr", it.here, CONTROLLER_FRR);
    startFrr(it, "cloud", it.cloud, CLOUD_FRR);
    it.write("bin/vtysh", `#!/bin/sh\nexec /usr/bin/vtysh --vty_socket ${it.dir}/frr "$@"\n`, 0o755);
    const running = async () =>
      (await it.in(it.here, "vtysh", "-c", "show running-config bgpd")).split("\n").map((line) => line.trim());
    const shut = async () => (await running()).filter((line) => line.endsWith("shutdown"));
    const outMaps = async () => (await running()).filter((line) => line.endsWith(" out"));
    const cloudRoutes = () => it.in(it.cloud, "ip", "route", "show", "proto", "bgp");
    await it.until(async () => (await cloudRoutes()).includes("nexthop via 169.254.64.6"), 40);

    it.start();
    await it.until(() => it.states.join() === "net-1 up,net-2 up");
    await it.until(async () => (await it.route()).includes("via 169.254.64.1 dev ipsec11"));
    expect(await shut()).toEqual([]);

    const gap = await it.longestGapSeconds(async () => {
      await sleep(500);
      await it.cut(1);
      await it.until(() => it.log.includes("net: traffic off net-1"));
      await it.until(async () => /^10\.0\.2\.0\/25 .*via 169\.254\.64\.6 /m.test(await cloudRoutes()));
      await sleep(500);
    });
    expect(await it.route()).toContain("via 169.254.64.5 dev ipsec12");
    // Far below the 180 s after which BGP itself would notice.
    expect(gap).toBeLessThan(20);
    expect(await shut()).toEqual(["neighbor 169.254.64.1 shutdown"]);
    expect(await outMaps()).toEqual([
      "neighbor 169.254.64.1 route-map kk-net-1-out out",
      "neighbor 169.254.64.5 route-map kk-net-2-takeover out",
    ]);

    // A bgpd that starts again knows nothing of it: it is told.
    process.kill(Number(readFileSync(join(it.dir, "frr/bgpd.pid"), "utf8")), "SIGKILL");
    await sleep(500);
    startDaemon(it, "frr", it.here, "bgpd");
    await it.until(async () => (await shut()).join() === "neighbor 169.254.64.1 shutdown", 20);

    await it.heal();
    await it.until(() => it.log.includes("net: both tunnels in use"));
    expect(await shut()).toEqual([]);
    expect(await outMaps()).toEqual([
      "neighbor 169.254.64.1 route-map kk-net-1-out out",
      "neighbor 169.254.64.5 route-map kk-net-2-out out",
    ]);

    // Work on one tunnel after the other: each time the other one's session is there first.
    const drained = await it.longestGapSeconds(async () => {
      await sleep(300);
      expect(await it.run("maintenance", "net-1", "on")).toMatchObject({ exitCode: 0 });
      expect(await shut()).toEqual(["neighbor 169.254.64.1 shutdown"]);
      expect(await it.run("maintenance", "net-1", "off")).toMatchObject({ exitCode: 0 });
      await it.until(() => it.states.includes("net-1 up"));
      expect(await it.run("maintenance", "net-2", "on")).toMatchObject({ exitCode: 0 });
      expect(await shut()).toEqual(["neighbor 169.254.64.5 shutdown"]);
      await sleep(300);
    });
    expect(drained).toBeLessThan(4);
    await it.run("maintenance", "net-2", "off");
    await it.until(async () => (await shut()).length === 0);

    // Both dead: neither is shut, so that the sessions can come back by themselves.
    await it.cut(2);
    await it.until(async () => (await shut()).join() === "neighbor 169.254.64.5 shutdown");
    await it.cut(1);
    await it.until(async () => (await shut()).length === 0);
    await it.heal();
    await it.until(() => it.states.join() === "net-1 up,net-2 up", 20);

    // However the watcher ends, what systemd runs after it opens every neighbour.
    await it.cut(2);
    await it.until(async () => (await shut()).length === 1);
    it.signal("SIGKILL");
    await it.ended();
    expect(await it.run("release")).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(await shut()).toEqual([]);
  });

  check("sends by the healthy tunnel at once where FRR is slow, and leaves the way to FRR afterwards", async () => {
    const it = await TwoTunnels.make({ routing: "bgp" });
    pair = it;
    startFrr(it, "frr", it.here, CONTROLLER_FRR);
    startFrr(it, "cloud", it.cloud, CLOUD_FRR);
    it.write(
      "bin/vtysh",
      `#!/bin/sh\n[ ! -e ${it.dir}/slow ] || sleep 3\nexec /usr/bin/vtysh --vty_socket ${it.dir}/frr "$@"\n`,
      0o755,
    );
    const way = () => it.in(it.here, "ip", "route", "get", NETWORK.replace("0.0/16", "0.10"));
    const detours = () => it.in(it.here, "ip", "rule", "show", "preference", "10701");
    await it.until(async () => (await it.route()).includes("via 169.254.64.1 dev ipsec11"), 40);
    // Left by a run before.
    await it.in(it.here, "ip", "rule", "add", "lookup", `${0x6b010000 + 1}`, "preference", "10701", "protocol", "107");
    it.start();
    await it.until(() => it.states.join() === "net-1 up,net-2 up");
    expect(await detours()).toBe("");

    it.write("slow", "");
    await it.cut(1);
    await it.until(async () => (await way()).includes("dev ipsec12"));
    expect(await way()).toContain(`src ${CONTROLLER_HOST}`);
    expect(await it.route()).toContain("via 169.254.64.1 dev ipsec11");
    // FRR has found its way: nothing stands before it any more.
    await it.until(async () => (await it.route()).includes("via 169.254.64.5 dev ipsec12"), 20);
    await it.until(async () => (await detours()) === "", 20);
    expect(await it.in(it.here, "ip", "route", "show", "table", "all", "proto", "107")).toBe("");
    expect(await way()).toContain("dev ipsec12");
    expect(it.log.filter((line) => line.includes("changed by someone else"))).toEqual([]);

    // However the watcher ends, what systemd runs after it leaves none.
    await it.heal();
    await it.until(() => it.states.join() === "net-1 up,net-2 up", 20);
    await it.cut(1);
    await it.until(async () => (await detours()) !== "");
    it.signal("SIGKILL");
    await it.ended();
    expect(await it.run("release")).toMatchObject({ exitCode: 0 });
    expect(await detours()).toBe("");
  });

  check("tells zebra the routes' source again where FRR has lost it, as FRR 10 may at a start", async () => {
    const it = await TwoTunnels.make({ routing: "bgp" });
    pair = it;
    startFrr(it, "frr", it.here, CONTROLLER_FRR);
    startFrr(it, "cloud", it.cloud, CLOUD_FRR);
    it.write("bin/vtysh", `#!/bin/sh\nexec /usr/bin/vtysh --vty_socket ${it.dir}/frr "$@"\n`, 0o755);
    const routes = () => it.in(it.here, "ip", "-4", "route", "show", "proto", "bgp");
    await it.until(async () => (await routes()).includes(NETWORK), 40);
    // The file was read by bgpd alone here: zebra knows no kk-source.
    expect(await routes()).not.toContain(" src ");

    it.start();
    await it.until(() => it.log.includes("FRR had lost the source address of its routes: told again"), 40);
    await it.until(async () => (await routes()).includes(` src ${CONTROLLER_HOST} `), 40);
    await sleep(6000);
    expect(it.log.filter((line) => line.includes("told again"))).toHaveLength(1);
  });
});
