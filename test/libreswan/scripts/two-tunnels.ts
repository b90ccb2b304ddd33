import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { CONTROLLER_SCRIPTS } from "../../../libreswan/scripts/controller-scripts";

const execute = promisify(execFile);

/** Why a controller and a cloud can't be played by two network namespaces here. */
export function whyNoTwoTunnels(...programs: readonly string[]): string | undefined {
  if (process.getuid?.() !== 0) return "not root";
  const missing = ["ip", "ping", "nft", ...programs].filter(
    (name) => spawnSync("sh", ["-c", `PATH=$PATH:/usr/sbin command -v ${name}`]).status !== 0,
  );
  if (missing.length > 0) return `${missing.join(" and ")} not installed`;
  const name = `kk-probe-${process.pid}`;
  const able =
    spawnSync("sh", ["-c", `ip netns add ${name} && ip -n ${name} link add name kka type veth peer name kkb`])
      .status === 0;
  spawnSync("ip", ["netns", "del", name]);
  return able ? undefined : "no rights to make network namespaces";
}

export interface TwoTunnelsOptions {
  readonly routing?: "static" | "bgp";
  readonly mode?: "route-based" | "policy-based";
  readonly balance?: "active-standby" | "active-active";
  readonly holdDownSeconds?: number;
  /** Whether the site file says the controller's address in the site's prefixes; where not, the machine knows it. @default true */
  readonly knowsSource?: boolean;
  /** Whether the cloud's host is asked instead of its inside addresses, which then answer nobody. */
  readonly asksHost?: boolean;
}

export const NETWORK = "172.30.0.0/16";
export const CLOUD_HOST = "172.30.0.1";
export const CONTROLLER_HOST = "10.0.2.15";
/** Tunnel 1 and 2: interface, controller's and cloud's inside address. */
const ENDS = [
  { device: "ipsec11", controller: "169.254.64.2", cloud: "169.254.64.1" },
  { device: "ipsec12", controller: "169.254.64.6", cloud: "169.254.64.5" },
] as const;

/** A controller and a cloud in namespaces of their own, joined by two veth pairs in the place of the tunnels. */
export class TwoTunnels {
  readonly dir = mkdtempSync(join(tmpdir(), "kakehashi-tunnels-"));
  readonly id = this.dir.slice(-6);
  readonly here = `kk${this.id}h`;
  readonly cloud = `kk${this.id}c`;
  #watcher: ChildProcess | undefined;
  #log = "";

  static async make(options: TwoTunnelsOptions = {}): Promise<TwoTunnels> {
    const made = new TwoTunnels(options);
    await made.wire();
    if (options.asksHost) await made.askHost();
    return made;
  }

  private constructor({
    routing = "static",
    mode = "route-based",
    balance = "active-standby",
    holdDownSeconds = 3,
    asksHost = false,
    knowsSource = true,
  }: TwoTunnelsOptions) {
    for (const { path, content } of CONTROLLER_SCRIPTS) this.write(`tree/${path}`, content, 0o755);
    this.write(
      "etc/controller",
      `asn 65010\nprivate_ip ${CONTROLLER_HOST}\nsource_ip ${knowsSource ? CONTROLLER_HOST : "-"}\nlocal_prefixes 192.168.7.0/24,10.0.2.0/24\n`,
    );
    this.write(
      "etc/tunnels",
      [
        "# names",
        ...ENDS.map(({ device, controller, cloud }, at) => {
          const ends =
            mode === "policy-based"
              ? "- - 192.0.2.1 - -"
              : `${device} ${11 + at} 192.0.2.${at + 1} ${controller} ${cloud}`;
          return `net-${at + 1} net ${at + 1} aws ${mode} ${routing} ${balance} ${ends} ${asksHost ? CLOUD_HOST : "-"} 1400 1360 10.0.2.0/24 ${NETWORK} 64512`;
        }),
        "",
      ].join("\n"),
    );
    this.write("defaults", `HOLD_DOWN=${holdDownSeconds}\nPOLICY_PATIENCE=3\n`);
    this.write("bin/kakehashi-interfaces", "#!/bin/sh\nexit 0\n", 0o755);
    // Pluto: its child SAs are the names in a file, what it is told to do is written down.
    this.write(
      "bin/ipsec",
      `#!/bin/sh
case "$*" in
  *--trafficstatus) for name in $(cat ${this.dir}/sas 2>/dev/null); do echo "006 #2: \\"$name\\", type=ESP, inBytes=1"; done ;;
  *) echo "$*" >>${this.dir}/told ;;
esac
`,
      0o755,
    );
  }

  write(path: string, content: string, mode = 0o644): void {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), content);
    chmodSync(join(this.dir, path), mode);
  }

  private async wire(): Promise<void> {
    const { here, cloud } = this;
    const ends = ENDS.map(
      ({ device, controller, cloud: far }, at) => `
ip -n ${here} link add ${device} type veth peer name gw${at + 1} netns ${cloud}
ip -n ${here} address add ${controller} peer ${far}/32 dev ${device} scope link
ip -n ${cloud} address add ${far} peer ${controller}/32 dev gw${at + 1}
ip netns exec ${here} sysctl -qw net.ipv4.conf.${device}.rp_filter=2
ip netns exec ${cloud} sysctl -qw net.ipv4.conf.gw${at + 1}.rp_filter=0
ip -n ${here} link set ${device} address 02:00:00:00:00:01 arp off up
ip -n ${cloud} link set gw${at + 1} address 02:00:00:00:00:01 arp off up`,
    );
    await execute("sh", [
      "-ec",
      `ip netns add ${here}; ip netns add ${cloud}
# Nothing comes out of a tunnel but what the other end sent: no neighbour discovery, hence one hardware address for both ends.
for name in ${here} ${cloud}; do ip netns exec $name sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; done
ip -n ${here} link set lo up; ip -n ${cloud} link set lo up
ip netns exec ${cloud} sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.fib_multipath_hash_policy=1
ip -n ${here} address add ${CONTROLLER_HOST}/32 dev lo; ip -n ${cloud} address add ${CLOUD_HOST}/32 dev lo
${ends.join("\n")}
ip netns exec ${cloud} nft 'add table ip cut; add chain ip cut in { type filter hook prerouting priority 0; }; add chain ip cut out { type filter hook postrouting priority 0; }'`,
    ]);
  }

  /** As with Azure's static routing; kakehashi-interfaces would make these ways to the probe. */
  private async askHost(): Promise<void> {
    const ways = ENDS.map(({ device }, at) => {
      const mark = 0x6b000000 + 11 + at;
      return `ip rule add fwmark ${mark} lookup ${mark}; ip route add ${CLOUD_HOST} dev ${device} table ${mark}`;
    });
    await this.in(this.here, "sh", "-ec", ways.join("\n"));
    await this.in(this.cloud, "nft", "add rule ip cut in ip daddr 169.254.64.0/24 drop");
  }

  /** Nothing passes any more, in either direction, and nothing tells so. */
  async cut(tunnel: 1 | 2): Promise<void> {
    await this.in(
      this.cloud,
      "nft",
      `add rule ip cut in iifname gw${tunnel} drop; add rule ip cut out oifname gw${tunnel} drop`,
    );
  }
  async heal(): Promise<void> {
    await this.in(this.cloud, "nft", "flush chain ip cut in; flush chain ip cut out");
  }

  /** The way back, which static routing leaves to the cloud. */
  async returnBy(tunnel: 1 | 2): Promise<void> {
    await this.in(this.cloud, "ip", "route", "replace", "10.0.2.0/24", "dev", `gw${tunnel}`);
  }

  async in(namespace: string, ...command: readonly string[]): Promise<string> {
    const { stdout } = await execute("ip", ["netns", "exec", namespace, ...command], { env: this.env });
    return stdout;
  }

  /** `dev ipsec11`, or what the route to the cloud's network is. */
  async route(): Promise<string> {
    return (await this.in(this.here, "ip", "route", "show", NETWORK)).replace(/\s+/g, " ").trim();
  }

  start(): void {
    const watcher = spawn("ip", ["netns", "exec", this.here, "sh", this.script, "run"], {
      env: this.env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    watcher.stderr.on("data", (text) => {
      this.#log += text;
    });
    this.#watcher = watcher;
  }
  signal(name: "SIGHUP" | "SIGTERM" | "SIGKILL"): void {
    this.#watcher?.kill(name);
  }
  async ended(): Promise<number | null> {
    const watcher = this.#watcher;
    if (!watcher || watcher.exitCode !== null || watcher.signalCode) return watcher?.exitCode ?? null;
    return new Promise((resolve) => watcher.once("exit", resolve));
  }

  async processes(): Promise<readonly string[]> {
    return (await execute("ip", ["netns", "pids", this.here])).stdout.split("\n").filter(Boolean);
  }

  /** kakehashi-routes with other arguments. */
  async run(...args: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    return execute("ip", ["netns", "exec", this.here, "sh", this.script, ...args], { env: this.env }).then(
      ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ exitCode: code, stdout, stderr }),
    );
  }

  get log(): readonly string[] {
    return this.#log
      .split("\n")
      .filter(Boolean)
      .map((line) => line.replace("kakehashi-routes: ", ""));
  }
  get told(): readonly string[] {
    return existsSync(join(this.dir, "told")) ? readFileSync(join(this.dir, "told"), "utf8").trim().split("\n") : [];
  }
  /** `net-1 up`, `net-2 down` …, from the state file. */
  get states(): readonly string[] {
    const file = join(this.dir, "run/tunnels");
    return existsSync(file)
      ? readFileSync(file, "utf8")
          .trim()
          .split("\n")
          .slice(1)
          .map((line) => line.split(" ").slice(0, 2).join(" "))
      : [];
  }

  /** Pings the cloud's host every 20 ms while `act` runs; the longest time without an answer. */
  async longestGapSeconds(act: () => Promise<void>): Promise<number> {
    const ping = spawn(
      "ip",
      ["netns", "exec", this.here, "ping", "-n", "-D", "-i", "0.02", "-I", CONTROLLER_HOST, CLOUD_HOST],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    let text = "";
    ping.stdout.on("data", (part) => {
      text += part;
    });
    await act();
    ping.kill("SIGINT");
    await new Promise((resolve) => ping.once("close", resolve));
    const times = [...text.matchAll(/^\[([\d.]+)\] 64 bytes/gm)].map(([, at]) => Number(at));
    return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
  }

  async until(what: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!(await what())) {
      if (Date.now() > end)
        throw new Error(`not within ${seconds} s: ${what}\n${this.states.join("\n")}\n${this.log.join("\n")}`);
      await sleep(50);
    }
  }

  async remove(): Promise<void> {
    this.signal("SIGTERM");
    await this.ended();
    for (const namespace of [this.here, this.cloud]) {
      spawnSync("sh", ["-c", `ip netns pids ${namespace} | xargs -r kill -9; ip netns del ${namespace}`]);
    }
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get script(): string {
    return join(this.dir, "tree/usr/local/sbin/kakehashi-routes");
  }
  get env(): NodeJS.ProcessEnv {
    return {
      PATH: `${this.dir}/bin:${process.env.PATH}:/usr/sbin:/sbin`,
      KAKEHASHI_ETC: `${this.dir}/etc`,
      KAKEHASHI_RUN: `${this.dir}/run`,
      KAKEHASHI_LIB: `${this.dir}/tree/usr/local/lib/kakehashi`,
      KAKEHASHI_DEFAULTS: `${this.dir}/defaults`,
      KAKEHASHI_BGPD_PID: `${this.dir}/frr/bgpd.pid`,
    };
  }
}
