import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { METRICS_FILES } from "../../libreswan/scripts/metrics-files";

export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Asking {
  readonly environment?: Readonly<Record<string, string>>;
  readonly awk?: string;
  /** The name it is called by: Munin calls plugins by their link. */
  readonly name?: string;
  readonly userId?: number;
}

export const isInstalled = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** A controller with kakehashi-metrics installed below a folder, whose kakehashi-status says what the test gives it. */
export class MetricsMachine {
  readonly dir = mkdtempSync(join(tmpdir(), "kakehashi-metrics-"));
  readonly command = join(this.dir, "usr/local/sbin/kakehashi-metrics");

  constructor() {
    for (const { path, content, mode } of METRICS_FILES) this.write(path, content, mode);
    this.write(
      "bin/kakehashi-status",
      '#!/bin/sh\ncase "$*" in --lines | "--lines --within 10") cat "$FIXTURE" ;; esac\nexit 1\n',
      0o755,
    );
    this.write("bin/id", '#!/bin/sh\necho "$FIXTURE_UID"\n', 0o755);
  }

  /** What kakehashi-status says when it is asked. */
  tell(lines: string): void {
    this.write("told", lines);
  }

  /** Text of a file below the folder. */
  read(path: string): string | undefined {
    return existsSync(join(this.dir, path)) ? readFileSync(join(this.dir, path), "utf8") : undefined;
  }

  write(path: string, content: string, mode = 0o644): string {
    const file = join(this.dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
    return file;
  }

  run(words: readonly string[], asking: Asking = {}): Said {
    const link = join(this.dir, asking.name ?? "kakehashi-metrics");
    if (!existsSync(link)) symlinkSync(this.command, link);
    const { status, stdout, stderr } = spawnSync("/bin/sh", [link, ...words], {
      encoding: "utf8",
      env: this.environment(asking),
    });
    return { exitCode: status ?? -1, stdout, stderr: stderr.replaceAll(this.dir, "") };
  }

  environment({ environment = {}, awk, userId = 0 }: Asking = {}): Record<string, string> {
    const bin = join(this.dir, awk ? `bin-${awk}` : "bin");
    if (awk && !existsSync(bin)) {
      mkdirSync(bin);
      symlinkSync(spawnSync("sh", ["-c", `command -v ${awk}`], { encoding: "utf8" }).stdout.trim(), join(bin, "awk"));
    }
    return {
      FIXTURE: join(this.dir, "told"),
      FIXTURE_UID: String(userId),
      KAKEHASHI_PATH: `${bin}:${join(this.dir, "bin")}:${process.env.PATH}`,
      KAKEHASHI_LIB: join(this.dir, "usr/local/lib/kakehashi"),
      KAKEHASHI_RUN: join(this.dir, "run"),
      KAKEHASHI_METRICS_DEFAULTS: join(this.dir, "defaults"),
      PATH: process.env.PATH ?? "/usr/bin:/bin",
      ...environment,
    };
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
