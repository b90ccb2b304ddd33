import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ExternalError } from "../config/problems";
import type { TreeFile } from "../config/tree-file";
import { compareTree, type TreeChange } from "./compare-tree";
import { toExternalError } from "./file-system-error";
import { MARKER_FILE } from "./marker-file";
import { assertTreePaths } from "./tree-paths";

const MARKER_TEXT = "This folder was written by kakehashi render, which replaces it as a whole.\n";

/**
 * Makes a folder hold exactly these files, or leaves everything as it was: the tree is written beside it and then renamed. What
 * stood there before, with whatever was changed in it by hand, stays as `<dir>.previous` until the next change. A folder that
 * holds the same already is not touched.
 * @returns what it changed
 * @throws ExternalError if the folder holds something else than such a tree, or can't be written
 */
export function writeTree(dir: string, files: readonly TreeFile[]): TreeChange[] {
  assertTreePaths(files);
  const target = resolve(dir);
  const previous = `${target}.previous`;
  try {
    refuseForeign(target, dir);
    const changes = compareTree(target, files).filter(({ change }) => change !== "unchanged");
    if (exists(target) && changes.length === 0) return [];
    refuseForeign(previous, `${dir}.previous`);
    mkdirSync(dirname(target), { recursive: true });
    const fresh = mkdtempSync(`${target}.new-`);
    try {
      fill(fresh, files);
      swap(fresh, target, previous);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    return changes;
  } catch (error) {
    throw toExternalError(error, "write", dir);
  }
}

/** Only an empty folder, or one with the marker, is replaced: never a file, a link, or a folder of someone else's. */
function refuseForeign(target: string, shown: string): void {
  if (!exists(target)) return;
  const names = lstatSync(target).isDirectory() ? readdirSync(target) : undefined;
  if (names && (names.length === 0 || names.includes(MARKER_FILE))) return;
  throw new ExternalError(
    `can't replace ${JSON.stringify(shown)}: it is not a folder that kakehashi render wrote; name another folder, or move it away`,
  );
}

/** Modes are set after writing: what the umask takes away at creation is given back, and a secret is never readable between. */
function fill(root: string, files: readonly TreeFile[]): void {
  const made = new Set<string>();
  for (const { path, content, mode } of [{ path: MARKER_FILE, content: MARKER_TEXT, mode: 0o644 }, ...files]) {
    const file = `${root}/${path}`;
    makeFolder(root, folderOf(path), made);
    // Node writes text without a copy of it only where the encoding is named.
    writeFileSync(file, content, { encoding: "utf8", mode: mode & 0o600, flag: "wx" });
    chmodSync(file, mode);
  }
  chmodSync(root, 0o755);
}

/** @param made what has been made already: the root is new, so that nothing else can be there */
function makeFolder(root: string, path: string, made: Set<string>): void {
  if (path === "" || made.has(path)) return;
  makeFolder(root, folderOf(path), made);
  const folder = `${root}/${path}`;
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  made.add(path);
}

/** Of a tree's path, which is in its shortest form: `""` for a file beside the root's own. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function swap(fresh: string, target: string, previous: string): void {
  if (!exists(target)) {
    renameSync(fresh, target);
    return;
  }
  rmSync(previous, { recursive: true, force: true });
  renameSync(target, previous);
  try {
    renameSync(fresh, target);
  } catch (error) {
    renameSync(previous, target);
    throw error;
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
