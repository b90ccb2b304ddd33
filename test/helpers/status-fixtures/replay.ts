import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What kakehashi-status' tools said on a real machine, by the name that replay.sh gives each call. */
export type Recording = Readonly<Record<string, string>>;

/** The files of one controller. A value that is missing means the file is. */
export interface Controller {
  readonly controller?: string;
  readonly tunnels?: string;
  /** /run/kakehashi/tunnels, which the watcher writes. */
  readonly watcher?: string;
  readonly conf?: string;
  readonly ipsecConf?: string;
  /** pluto's own log file; LOGFILE in a recording or in ipsec.conf is its place. */
  readonly log?: string;
}

export interface Run {
  readonly recording: Recording;
  readonly controller: Controller;
  readonly arguments?: readonly string[];
  /** Tools that are not installed. */
  readonly absent?: readonly string[];
  /** Seconds that a tool takes. */
  readonly slow?: Readonly<Record<string, number>>;
  readonly userId?: number;
  /** Keeps to the 3 s of everyday use. Otherwise it has a minute, so that a busy machine changes no test's outcome. */
  readonly isHurried?: boolean;
  /** Runs it below script(1), so that it has a terminal. */
  readonly hasTerminal?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

const SCRIPTS = join(__dirname, "../../../libreswan/scripts");
const REPLAYED = ["whack", "ip", "ping", "vtysh", "journalctl", "systemctl", "date", "id"];
const REAL = ["sh", "awk", "mktemp", "timeout", "rm", "cat", "grep", "sed", "tail", "sleep"];

export function recordedVersions(): string[] {
  return readdirSync(__dirname).filter((name) => name.startsWith("libreswan-"));
}

export function recordedCases(version: string): string[] {
  return readdirSync(join(__dirname, version)).map((name) => name.replace(/\.txt$/, ""));
}

/** Splits what pack.sh wrote. */
export function readRecording(version: string, name: string): Recording {
  const sections = readFileSync(join(__dirname, version, `${name}.txt`), "utf8")
    .split(/^==> /m)
    .slice(1);
  return Object.fromEntries(
    sections.map((section) => {
      const end = section.indexOf("\n");
      return [section.slice(0, end), section.slice(end + 1)];
    }),
  );
}

/** Runs the script with every tool replayed. The paths in what it prints are the real machine's. */
export function runStatus(run: Run): RunResult {
  const root = mkdtempSync(join(tmpdir(), "kakehashi-status-"));
  try {
    const bin = prepare(root, run);
    const patience = run.isHurried ? [] : ["--within", "60"];
    const command = [join(SCRIPTS, "kakehashi-status.sh"), ...patience, ...(run.arguments ?? [])];
    const started = process.hrtime.bigint();
    const { status, stdout, stderr } = spawnSync(
      run.hasTerminal ? "script" : "/bin/sh",
      run.hasTerminal ? ["-qec", `/bin/sh ${command.join(" ")}`, "/dev/null"] : command,
      { encoding: "utf8", timeout: 100_000, env: { ...environment(root, bin, run), ...run.environment } },
    );
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    return { exitCode: status, stdout: stdout.replaceAll(root, ""), stderr: stderr.replaceAll(root, ""), seconds };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function environment(root: string, bin: string, run: Run): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    TERM: "xterm",
    FIXTURE: join(root, "recording"),
    FIXTURE_UID: String(run.userId ?? 0),
    KAKEHASHI_PATH: bin,
    KAKEHASHI_LIB: join(root, "lib"),
    KAKEHASHI_ETC: join(root, "etc/kakehashi"),
    KAKEHASHI_RUN: join(root, "run/kakehashi"),
    KAKEHASHI_IPSEC_D: join(root, "etc/ipsec.d"),
  };
}

function prepare(root: string, { recording, controller, absent = [], slow = {} }: Run): string {
  for (const folder of ["bin", "lib", "recording", "etc/kakehashi", "etc/ipsec.d", "run/kakehashi"])
    mkdirSync(join(root, folder), { recursive: true });
  for (const [name, text] of Object.entries(recording))
    writeFileSync(join(root, "recording", name), text.replace("LOGFILE", join(root, "pluto.log")));
  for (const [tool, seconds] of Object.entries(slow))
    writeFileSync(join(root, "recording", `sleep-${tool}`), `${seconds}\n`);
  installParts(join(root, "lib"));
  const files = {
    "etc/kakehashi/controller": controller.controller,
    "etc/kakehashi/tunnels": controller.tunnels,
    "run/kakehashi/tunnels": controller.watcher,
    "etc/ipsec.d/tokyo-aws.conf": controller.conf,
    "etc/ipsec.conf": controller.ipsecConf,
    "pluto.log": controller.log,
  };
  for (const [path, text] of Object.entries(files))
    if (text !== undefined) writeFileSync(join(root, path), text.replace("LOGFILE", join(root, "pluto.log")));
  // Whoever opens it waits for ever: the keys are nobody's business here.
  spawnSync("mkfifo", [join(root, "etc/ipsec.d/tokyo-aws.secrets")]);
  const bin = join(root, "bin");
  for (const tool of REPLAYED.filter((name) => !absent.includes(name))) {
    copyFileSync(join(__dirname, "replay.sh"), join(bin, tool));
    chmodSync(join(bin, tool), 0o755);
  }
  for (const tool of REAL.filter((name) => !absent.includes(name))) symlinkSync(which(tool), join(bin, tool));
  return bin;
}

function which(tool: string): string {
  return spawnSync("/bin/sh", ["-c", 'command -v "$1"', "sh", tool], { encoding: "utf8" }).stdout.trim();
}

/** As on the machine: without the ending that makes the bundler take them as text. */
export function installParts(folder: string): void {
  for (const name of readdirSync(SCRIPTS).filter((one) => /^status-.*\.awk\.tmpl$/.test(one))) {
    copyFileSync(join(SCRIPTS, name), join(folder, name.replace(/\.tmpl$/, "")));
  }
  copyFileSync(join(SCRIPTS, "own-address.sh"), join(folder, "own-address.sh"));
}
