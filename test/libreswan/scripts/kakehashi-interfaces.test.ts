import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import interfaces from "../../../libreswan/scripts/kakehashi-interfaces.sh";
import { whyNoTwoTunnels } from "./two-tunnels";

const why = whyNoTwoTunnels();
const check = why ? it.skip : it;

const REAL_IP = spawnSync("sh", ["-c", "PATH=$PATH:/usr/sbin:/sbin command -v ip"], { encoding: "utf8" }).stdout.trim();

/** Many kernels have neither xfrm interfaces nor VTIs: bridges stand in for them, and remember what they were asked to be. */
const IP = `#!/bin/sh
real() { ${REAL_IP} "$@"; }
echo "$*" >>"$SHIM/did"
case "$*" in
  "link add "*" type xfrm dev lo if_id "*) printf ' xfrm if_id 0x%x ' "$9" >"$SHIM/kind.$3"; real link add "$3" type bridge ;;
  "link add "*" type vti local "*)
    printf ' vti remote %s local %s dev lo ikey 0.0.%d.%d okey 0.0.%d.%d ' "$9" "$7" $((\${11} / 256)) $((\${11} % 256)) $((\${11} / 256)) $((\${11} % 256)) >"$SHIM/kind.$3"
    real link add "$3" type bridge ;;
  "-d -o link show dev "*) said=$(real "$@") || exit; printf '%s' "$said"; cat "$SHIM/kind.$6" 2>/dev/null; echo ;;
  *) real "$@" ;;
esac
`;

class Controller {
  readonly dir = mkdtempSync(join(tmpdir(), "kakehashi-interfaces-"));
  readonly namespace = `kk${this.dir.slice(-6)}`;

  constructor() {
    mkdirSync(join(this.dir, "bin"));
    this.write("bin/ip", IP);
    this.write("script", interfaces);
    this.write("controller", "private_ip 10.0.2.15\n");
    this.ip("netns", "add", this.namespace);
    this.ip("-n", this.namespace, "link", "set", "lo", "up");
  }
  write(path: string, text: string): void {
    writeFileSync(join(this.dir, path), text);
    chmodSync(join(this.dir, path), 0o755);
  }
  tunnels(...lines: readonly string[]): void {
    this.write("tunnels", ["# names", ...lines, ""].join("\n"));
  }
  ip(...args: readonly string[]): string {
    return spawnSync("ip", args, { encoding: "utf8" }).stdout;
  }
  run(mode: string): { exitCode: number | null; said: readonly string[]; did: number } {
    this.write("did", "");
    const { status, stderr } = spawnSync(
      "ip",
      ["netns", "exec", this.namespace, "sh", join(this.dir, "script"), mode],
      {
        encoding: "utf8",
        env: { PATH: `${this.dir}/bin:${process.env.PATH}:/usr/sbin:/sbin`, SHIM: this.dir, KAKEHASHI_ETC: this.dir },
      },
    );
    const did = spawnSync(
      "grep",
      ["-cE", "^(link|address|route|-4 route (flush|replace)|-4 rule (add|del)) ", join(this.dir, "did")],
      {
        encoding: "utf8",
      },
    ).stdout;
    return {
      exitCode: status,
      said: stderr
        .split("\n")
        .filter(Boolean)
        .map((line) => line.replace("kakehashi-interfaces: ", "")),
      did: Number(did),
    };
  }
  addresses(device: string): readonly string[] {
    return this.ip("-n", this.namespace, "-4", "-o", "address", "show", "dev", device)
      .split("\n")
      .filter(Boolean)
      .map((line) => line.replace(/.* inet (.*? scope \w+).*/, "$1"));
  }
  /** What `ip route get` says of a packet with the mark of a tunnel's probe. */
  probeWay(probe: string, ifNumber: number): string {
    return (
      this.ip("-n", this.namespace, "route", "get", probe, "mark", String(0x6b000000 + ifNumber))
        .split("\n")[0]
        ?.trim() ?? ""
    );
  }
  rules(): readonly string[] {
    return this.ip("-n", this.namespace, "rule")
      .split("\n")
      .filter((rule) => rule.startsWith("10700:"));
  }
  unreachable(): string {
    return this.ip("-n", this.namespace, "route", "show", "type", "unreachable").trim();
  }
  links(): readonly string[] {
    return [...this.ip("-n", this.namespace, "-o", "link").matchAll(/^\d+: (\S+?)[@:]/gm)]
      .map(([, name]) => name ?? "")
      .filter((name) => name !== "lo");
  }
  remove(): void {
    this.ip("netns", "del", this.namespace);
    rmSync(this.dir, { recursive: true, force: true });
  }
}

let controller: Controller | undefined;
function fresh(): Controller {
  controller = new Controller();
  return controller;
}
afterEach(() => {
  controller?.remove();
  controller = undefined;
});

const line = (
  name: string,
  device: string,
  number: number,
  cloud: string,
  mtu = 1400,
  prefixes = "10.20.0.0/16,10.21.0.4/32",
  local = "169.254.22.138",
  probe = "-",
) =>
  `${name} az ${name.slice(-1)} azure route-based static active-standby ${device} ${number} 192.0.2.13${name.slice(-1)} ${local} ${cloud} ${probe} ${mtu} 1350 10.0.2.0/24 ${prefixes} -`;
const AZURE = [line("az-1", "ipsec1453", 1453, "169.254.22.137"), line("az-2", "ipsec1454", 1454, "169.254.22.141")];

describe(`kakehashi-interfaces${why ? ` (skipped: ${why})` : ""}`, () => {
  check("makes both interfaces of a connection whose tunnels share one address, and a second run does nothing", () => {
    const c = fresh();
    c.tunnels(...AZURE);
    expect(c.run("check")).toMatchObject({ exitCode: 1, did: 0 });
    expect(c.run("up").exitCode).toBe(0);
    expect(c.links()).toEqual(["ipsec1453", "ipsec1454"]);
    expect(c.addresses("ipsec1453")).toEqual(["169.254.22.138 peer 169.254.22.137/32 scope link"]);
    expect(c.addresses("ipsec1454")).toEqual(["169.254.22.138 peer 169.254.22.141/32 scope link"]);
    expect(c.ip("-n", c.namespace, "-o", "link", "show", "dev", "ipsec1453")).toMatch(
      /[<,]UP.* mtu 1400 .*alias kakehashi az-1/,
    );
    expect(c.ip("netns", "exec", c.namespace, "cat", "/proc/sys/net/ipv4/conf/ipsec1453/rp_filter")).toBe("2\n");
    expect(c.unreachable()).toBe(
      "unreachable 10.20.0.0/16 proto 107 metric 4278198272 \nunreachable 10.21.0.4 proto 107 metric 4278198272",
    );
    expect(c.run("up")).toEqual({ exitCode: 0, said: [], did: 0 });
    expect(c.run("check")).toEqual({ exitCode: 0, said: [], did: 0 });
  });

  check("corrects what differs, adding an address before it takes the old one away", () => {
    const c = fresh();
    c.tunnels(...AZURE);
    c.run("up");
    c.ip("-n", c.namespace, "route", "add", "10.20.0.0/16", "dev", "ipsec1453");
    c.tunnels(
      line("az-1", "ipsec1453", 1453, "169.254.22.145", 1380, "10.20.0.0/16", "169.254.22.146"),
      AZURE[1] ?? "",
    );
    expect(c.run("check")).toMatchObject({ exitCode: 1, did: 0 });
    expect(c.run("up")).toMatchObject({
      exitCode: 0,
      said: [
        "ipsec1453: mtu 1380",
        "ipsec1453: address 169.254.22.146 peer 169.254.22.145/32",
        "ipsec1453: not 169.254.22.138",
      ],
    });
    expect(c.addresses("ipsec1453")).toEqual(["169.254.22.146 peer 169.254.22.145/32 scope link"]);
    expect(c.ip("-n", c.namespace, "route", "show", "10.20.0.0/16")).toContain("dev ipsec1453");
    // The same pair in another scope, as an older hand may have set it.
    c.ip("-n", c.namespace, "address", "del", "169.254.22.146", "peer", "169.254.22.145/32", "dev", "ipsec1453");
    c.ip("-n", c.namespace, "address", "add", "169.254.22.146", "peer", "169.254.22.145/32", "dev", "ipsec1453");
    c.ip("-n", c.namespace, "address", "add", "10.99.0.1/24", "dev", "ipsec1453");
    expect(c.run("up").exitCode).toBe(0);
    expect(c.addresses("ipsec1453")).toEqual(["169.254.22.146 peer 169.254.22.145/32 scope link"]);
  });

  check("removes what is no longer listed, and only what it made", () => {
    const c = fresh();
    c.tunnels(...AZURE);
    c.run("up");
    c.ip("-n", c.namespace, "link", "add", "ipsec77", "type", "bridge");
    c.ip("-n", c.namespace, "route", "add", "unreachable", "10.66.0.0/16");
    c.tunnels(line("az-2", "ipsec1454", 1454, "169.254.22.141", 1400, "10.20.0.0/16"));
    expect(c.run("up")).toMatchObject({
      exitCode: 0,
      said: ["ipsec1453: remove, az-1 is gone", "10.21.0.4: no longer unreachable"],
    });
    expect(c.links()).toEqual(["ipsec1454", "ipsec77"]);
    expect(c.run("down").exitCode).toBe(0);
    expect(c.links()).toEqual(["ipsec77"]);
    expect(c.unreachable()).toBe("unreachable 10.66.0.0/16");
  });

  check("makes a way by each tunnel to its probe, whatever carries, and takes it away with the probe", () => {
    const c = fresh();
    const probed = (number: 1 | 2, probe: string) =>
      line(
        `az-${number}`,
        `ipsec145${number}`,
        1450 + number,
        `169.254.22.${number}`,
        1400,
        "10.20.0.0/16",
        undefined,
        probe,
      );
    c.write("controller", "private_ip 10.0.2.15\nsource_ip 10.0.2.15\n");
    c.ip("-n", c.namespace, "address", "add", "10.0.2.15/32", "dev", "lo");
    c.tunnels(probed(1, "10.20.0.4"), probed(2, "10.20.0.4"));
    expect(c.run("up").exitCode).toBe(0);
    expect(c.probeWay("10.20.0.4", 1451)).toBe(
      "10.20.0.4 dev ipsec1451 table 1795163563 src 10.0.2.15 mark 0x6b0005ab uid 0",
    );
    expect(c.probeWay("10.20.0.4", 1452)).toContain(" dev ipsec1452 ");
    expect(c.run("up")).toEqual({ exitCode: 0, said: [], did: 0 });
    // Another address to ask, and a rule that someone took away.
    c.tunnels(probed(1, "10.20.0.5"), probed(2, "10.20.0.4"));
    c.ip("-n", c.namespace, "rule", "del", "fwmark", String(0x6b000000 + 1452));
    expect(c.run("check")).toEqual({
      exitCode: 1,
      said: ["ipsec1451: the way to the probe 10.20.0.5", "ipsec1452: the rule for its probe"],
      did: 0,
    });
    expect(c.run("up").exitCode).toBe(0);
    expect(c.probeWay("10.20.0.5", 1451)).toContain(" dev ipsec1451 ");
    expect(c.probeWay("10.20.0.4", 1452)).toContain(" dev ipsec1452 ");
    // No source of the controller's own: never the inside address.
    c.write("controller", "private_ip 10.0.2.15\nsource_ip -\n");
    expect(c.run("up").said).toEqual([
      "ipsec1451: the way to the probe 10.20.0.5",
      "ipsec1452: the way to the probe 10.20.0.4",
    ]);
    expect(c.probeWay("10.20.0.5", 1451)).toContain(" src 10.0.2.15 ");
    expect(c.run("up")).toEqual({ exitCode: 0, said: [], did: 0 });
    c.tunnels(probed(1, "-"), probed(2, "10.20.0.4"));
    expect(c.run("up").said).toEqual(["rule for probe 1795163563: remove, no tunnel needs it"]);
    expect(c.rules()).toHaveLength(1);
    expect(c.run("down").exitCode).toBe(0);
    expect(c.rules()).toEqual([]);
    expect(c.ip("-n", c.namespace, "route", "show", "table", "all", "proto", "107")).toBe("");
  });

  check("leaves an interface alone that is in the way, and says so", () => {
    const c = fresh();
    c.ip("-n", c.namespace, "link", "add", "ipsec1453", "type", "bridge");
    c.tunnels(...AZURE);
    expect(c.run("up")).toMatchObject({
      exitCode: 1,
      said: expect.arrayContaining([
        "ipsec1453: exists, is not what az-1 needs and was not made here; rename or remove it",
      ]),
    });
    expect(c.links()).toEqual(["ipsec1453", "ipsec1454"]);
    expect(c.addresses("ipsec1453")).toEqual([]);
  });

  check("makes VTIs for Libreswan 3.32, and makes one anew whose peer has moved", () => {
    const c = fresh();
    c.tunnels(line("az-1", "vti4107", 4107, "169.254.64.1"));
    expect(c.run("up").exitCode).toBe(0);
    expect(c.ip("netns", "exec", c.namespace, "cat", "/proc/sys/net/ipv4/conf/vti4107/disable_policy")).toBe("1\n");
    expect(c.run("up")).toEqual({ exitCode: 0, said: [], did: 0 });
    c.tunnels(line("az-1", "vti4107", 4107, "169.254.64.1").replace("192.0.2.131", "192.0.2.200"));
    expect(c.run("up")).toMatchObject({
      exitCode: 0,
      said: expect.arrayContaining(["vti4107: remove, its kind or number differs", "vti4107: add for az-1"]),
    });
  });

  check("makes nothing for a policy-based tunnel", () => {
    const c = fresh();
    c.tunnels(
      "az-1 az 1 aws policy-based static active-standby - - 192.0.2.1 - - - 1438 1398 10.0.2.0/24 172.30.0.0/16 -",
    );
    expect(c.run("up")).toEqual({ exitCode: 0, said: [], did: 0 });
  });

  check.each([
    ["a command as a name", "$(reboot)"],
    [
      "a path as an interface",
      "az-1 az 1 azure route-based static active-standby ../x 1 1.2.3.4 1.2.3.4 1.2.3.4 - 1400 1350 - 10.0.0.0/8 -",
    ],
    ["half a line", "az-1 az 1 azure route-based"],
    ["an unknown mode", "az-1 az 1 azure magic static active-standby - - - - - - 1400 1350 - - -"],
  ])("refuses %s, does the rest and removes nothing", (_, bad) => {
    const c = fresh();
    c.tunnels(...AZURE);
    c.run("up");
    c.tunnels(bad, AZURE[1] ?? "");
    expect(c.run("up")).toEqual({
      exitCode: 1,
      said: [`${c.dir}/tunnels: line 2 is not as render writes it; render again`],
      did: 0,
    });
    expect(c.links()).toEqual(["ipsec1453", "ipsec1454"]);
  });

  check("says what is missing, and how it is used", () => {
    const c = fresh();
    expect(c.run("up")).toMatchObject({
      exitCode: 1,
      said: [`${c.dir}/tunnels or ${c.dir}/controller is missing; run install.sh`],
    });
    expect(c.run("sideways")).toMatchObject({ exitCode: 1, said: ["usage: kakehashi-interfaces up|down|check"] });
  });
});
