import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Boot } from "./boot";

export const ROOT = process.env.KAKEHASHI_ROOT as string;
export const LAB = join(ROOT, "lab/tunnels");
export const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "kakehashi-lab");

/** Whether a VM can be had here; otherwise `prepare.sh` has said why. */
export function hasTools(): boolean {
  return spawnSync(join(LAB, "prepare.sh"), { stdio: ["ignore", "inherit", "inherit"] }).status !== 77;
}

/** Folder of the image, built or found. Throws with what build-image.sh said. */
export function imageOf(suite: Boot["suite"]): string {
  mkdirSync(CACHE, { recursive: true });
  return execFileSync(join(LAB, "build-image.sh"), [suite, CACHE], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  }).trim();
}

/** `  12 s`, since START. */
export function clockFrom(start: number): () => string {
  return () => `${((Date.now() - start) / 1000).toFixed(0).padStart(4)} s`;
}

/** So that `exit` handlers run, which stop the VMs. */
export function exitOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));
}

let scratch: string | undefined;

/** A new folder that is gone at the end, however the command ends: keys lie in it. */
export function scratchFolder(): string {
  if (scratch === undefined) {
    const made = mkdtempSync(join(tmpdir(), "kakehashi-lab."));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    scratch = made;
  }
  return mkdtempSync(join(scratch, "boot."));
}
