import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { CONTROLLER_SCRIPTS } from "../../../libreswan/scripts/controller-scripts";
import { METRICS_FILES } from "../../../libreswan/scripts/metrics-files";

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Commands that would have changed the machine, in order. */
  readonly did: readonly string[];
}

/** A scratch root to install into, whose systemctl, pluto and FRR only write down what they are told; all checks are real. */
export class Machine {
  readonly dir = mkdtempSync(join(tmpdir(), "kakehashi machine "));
  readonly root = join(this.dir, "root");
  readonly tree = join(this.dir, "tree");

  constructor(caseTree: string) {
    for (const [path, content] of Object.entries(FRESH_DEBIAN)) this.write(path, content);
    for (const [name, script] of Object.entries(PROGRAMS)) {
      const path = join(this.dir, "bin", name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `#!/bin/sh\n${script}`);
      chmodSync(path, 0o755);
    }
    this.renderFrom(caseTree);
  }

  /** The tree as render writes it: the case's files and the scripts. */
  renderFrom(caseTree: string): void {
    rmSync(this.tree, { recursive: true, force: true });
    cpSync(join(__dirname, "../../cases", caseTree), this.tree, { recursive: true });
    for (const { path, content, mode } of [...CONTROLLER_SCRIPTS, ...METRICS_FILES]) {
      mkdirSync(dirname(join(this.tree, path)), { recursive: true });
      writeFileSync(join(this.tree, path), content, { mode });
    }
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  read(path: string): string | undefined {
    return existsSync(join(this.root, path)) ? readFileSync(join(this.root, path), "utf8") : undefined;
  }

  /** Changes a file of the tree: what another render would have written. */
  edit(path: string, change: (text: string) => string): void {
    const file = join(this.tree, path);
    writeFileSync(file, change(existsSync(file) ? readFileSync(file, "utf8") : ""));
  }

  /** What the machine answers: `running` pluto, `up` tunnels, `broken` commands (a pattern). */
  answer(name: "running" | "up" | "broken" | "stays-down", text: string): void {
    writeFileSync(join(this.dir, name), text);
  }

  /** `path mode` and content of every file, to see whether anything changed. */
  snapshot(): string {
    return spawnSync(
      "sh",
      ["-c", 'find . -type f ! -path "./run/*" -printf "%p %m %u %T@ " -exec sha256sum {} \\; | sort'],
      {
        cwd: this.root,
        encoding: "utf8",
      },
    ).stdout;
  }

  install(...args: string[]): Ran {
    rmSync(join(this.dir, "did"), { force: true });
    const { status, stdout, stderr } = spawnSync("sh", [join(this.tree, "install.sh"), "--root", this.root, ...args], {
      encoding: "utf8",
      env: this.env,
    });
    return { exitCode: status ?? -1, stdout, stderr, did: this.did() };
  }

  start(...args: string[]): ChildProcess {
    return spawn("sh", [join(this.tree, "install.sh"), "--root", this.root, ...args], {
      env: this.env,
      stdio: "ignore",
    });
  }

  did(): readonly string[] {
    const log = join(this.dir, "did");
    return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      SHIM: this.dir,
      PATH: [join(this.dir, "bin"), process.env.PATH, "/usr/sbin", "/sbin"].join(delimiter),
    };
  }
}

const FRESH_DEBIAN: Readonly<Record<string, string>> = {
  "etc/ipsec.conf": "config setup\n\t# nothing\n\ninclude /etc/ipsec.d/*.conf\n",
  "etc/ipsec.secrets": "include /etc/ipsec.d/*.secrets\n",
  "etc/frr/frr.conf": "# default to using syslog.\nlog syslog informational\n",
  "etc/frr/daemons": "bgpd=no\nospfd=no\nvtysh_enable=yes\n",
};

const NOTE =
  'note() { echo "$*" >>"$SHIM/did"; if [ -s "$SHIM/broken" ] && echo "$*" | grep -qE "$(cat "$SHIM/broken")"; then echo "$1 is broken"; exit 1; fi; exit 0; }\n';

const PROGRAMS: Readonly<Record<string, string>> = {
  systemctl: `${NOTE}case "$*" in 'is-active -q ipsec.service') [ -e "$SHIM/running" ] ;; 'is-enabled '*) [ -e "$SHIM/enabled" ] ;; 'enable '*) : >"$SHIM/enabled"; note systemctl "$@" ;; *) note systemctl "$@" ;; esac\n`,
  sysctl: `${NOTE}note sysctl "$1"\n`,
  "kakehashi-routes": `${NOTE}note kakehashi-routes "$@"\n`,
  vtysh: `${NOTE}case $1 in -C) exec /usr/bin/vtysh "$@" ;; *) note vtysh "$@" ;; esac\n`,
  // A connection that is told to come up is up, unless the test has it broken.
  ipsec: `${NOTE}case $1 in
  --version) if [ -e "$SHIM/version" ]; then cat "$SHIM/version"; exit; else exec /usr/sbin/ipsec --version; fi ;;
  addconn | algparse) exec /usr/sbin/ipsec "$@" ;;
esac
case "$*" in
  'whack --trafficstatus') for name in $(cat "$SHIM/up" 2>/dev/null); do echo "006 #2: \\"$name\\", type=ESP, inBytes=1"; done ;;
  *--replace*) sed -i "s/\\b$3\\b//" "$SHIM/up" 2>/dev/null; note ipsec "$@" ;;
  *--up*) if [ ! -e "$SHIM/stays-down" ]; then echo "$4" >>"$SHIM/up"; fi; note ipsec "$@" ;;
  *) note ipsec "$@" ;;
esac
`,
};
