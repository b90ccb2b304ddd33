import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The real programs that read the generator's files. A test asks first what is missing, and names it when it is skipped. */

export interface ToolResult {
  readonly exitCode: number;
  /** stdout and stderr. */
  readonly output: string;
}

/** Why a check by the named programs can't run here: `ipsec is not installed`. Undefined where it can. */
export function whyMissing(
  ...programs: readonly ("ipsec" | "vtysh" | "nft" | "systemd-analyze")[]
): string | undefined {
  const missing = programs.filter((program) => !isInstalled(program));
  return missing.length === 0 ? undefined : `${missing.join(" and ")} not installed`;
}

/** Why a connection can't be added to a pluto of its own here. */
export function whyNoNamespace(): string | undefined {
  const missing = whyMissing("ipsec");
  if (missing) return missing;
  return run("unshare", ["-n", "-m", "-p", "-f", "ip", "link", "set", "lo", "up"]).exitCode === 0
    ? undefined
    : "no rights to make a network namespace";
}

/** Whether pluto can make an `ipsecN` interface on this kernel. */
export function hasXfrmInterface(): boolean {
  return (
    run("unshare", ["-n", "ip", "link", "add", "ipsec11", "type", "xfrm", "dev", "lo", "if_id", "11"]).exitCode === 0
  );
}

/** `4.10`, as `ipsec --version` prints it. */
export function installedLibreswan(): string | undefined {
  if (whyMissing("ipsec")) return undefined;
  return /\b(\d+\.\d+)/.exec(run("ipsec", ["--version"]).output)?.[1];
}

/** Anything that is printed is a fault, whatever the exit code. */
export function algparse(kind: "ike" | "esp", proposals: string): ToolResult {
  return run("ipsec", ["algparse", "-v2", "-pfs=yes", `${kind}=${proposals}`]);
}

/** `vtysh -C` answers 0 to lines that a daemon would refuse: anything that is printed is a fault. */
export function checkFrr(file: string): ToolResult {
  return run("vtysh", ["-C", "-f", file]);
}

/** Loads the file into the kernel of a namespace of its own where that is allowed, and only parses it otherwise. */
export function checkNftables(file: string): ToolResult {
  const check = run("nft", ["-c", "-f", file]);
  return check.exitCode !== 0 || whyNoNamespace()
    ? check
    : run("unshare", ["-n", "sh", "-c", 'nft -f "$1" && nft -f "$1"', "sh", file]);
}

/**
 * Checks an ipsec.conf and then adds each of its connections to a pluto in a namespace that holds a default route and nothing
 * else: no packet leaves. Prints a line a connection that was not added.
 * @param conf absolute path; its includes are followed
 */
export function addToPluto(conf: string, names: readonly string[]): ToolResult {
  return run("unshare", [
    "-n",
    "-m",
    "-p",
    "-f",
    "--kill-child",
    "--mount-proc",
    "bash",
    "-c",
    ADD_SCRIPT,
    "add",
    conf,
    ...names,
  ]);
}

const ADD_SCRIPT = String.raw`
conf=$1; shift
mount -t tmpfs tmpfs /mnt; d=/mnt; mkdir -p $d/nss $d/run $d/ipsec.d
ip link set lo up
ip link add lan type veth peer name lanp; ip link set lanp up
ip addr add 10.0.2.15/24 dev lan; ip link set lan up; ip route add default via 10.0.2.2
said=$(ipsec addconn --config "$conf" --checkconfig 2>&1); rc=$?
[ $rc = 0 ] && [ -z "$said" ] || { echo "checkconfig ($rc): $said"; exit 1; }
: > $d/secrets; printf 'config setup\n' > $d/empty.conf
ipsec initnss --nssdir $d/nss >/dev/null 2>&1
"$(ipsec --directory 2>/dev/null || echo /usr/libexec/ipsec)/pluto" --nofork --config $d/empty.conf --secretsfile $d/secrets --nssdir $d/nss \
  --rundir $d/run --ipsecdir $d/ipsec.d --logfile $d/log >/dev/null 2>&1 & pluto=$!
for _ in $(seq 200); do [ -S $d/run/pluto.ctl ] && break; sleep 0.05; done
[ -S $d/run/pluto.ctl ] || { echo "pluto did not start"; cat $d/log; exit 2; }
bad=0
for name in "$@"; do
  : > $d/log
  said=$(ipsec addconn --config "$conf" --ctlsocket $d/run/pluto.ctl "$name" 2>&1); rc=$?
  there=$(ipsec whack --rundir $d/run --status 2>/dev/null | grep -cE "^000 \"$name(\"|/)")
  [ $rc = 0 ] && [ "$there" -gt 0 ] && continue
  bad=1; echo "refused $name ($rc): $(grep -hE 'failed to add|not supported|not recognized|invalid|bad ' $d/log | grep -v 'seccomp security' | head -2) $said"
done
kill $pluto; wait $pluto 2>/dev/null; exit $bad`;

function run(program: string, args: readonly string[]): ToolResult {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, PATH: PATH_WITH_SBIN },
  });
  return { exitCode: status ?? 127, output: `${stdout ?? ""}${stderr ?? ""}${error ? error.message : ""}`.trim() };
}

const PATH_WITH_SBIN = `${process.env.PATH ?? ""}${delimiter}/usr/sbin${delimiter}/sbin`;

function isInstalled(program: string): boolean {
  return PATH_WITH_SBIN.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** How many packets to a destination the file's table drops in a namespace with a default route and no IPsec policy. */
export function countDropped(file: string, destination: string): number {
  const { output } = run("unshare", ["-n", "bash", "-c", DROP_SCRIPT, "drop", file, destination]);
  return [...output.matchAll(/counter packets (\d+)/g)].reduce((sum, [, packets]) => sum + Number(packets), 0);
}

const DROP_SCRIPT = `
ip link set lo up
ip link add wan type veth peer name wanp; ip link set wanp up
ip addr add 10.0.2.15/24 dev wan; ip link set wan up; ip route add default via 10.0.2.2
ip neigh add 10.0.2.2 lladdr 02:00:00:00:00:01 dev wan
nft -f "$1"; ping -c 1 -W 1 "$2" >/dev/null 2>&1; nft list table inet kakehashi`;
