import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { TreeFile } from "../config/tree-file";
import { toExternalError } from "./file-system-error";
import { MARKER_FILE } from "./marker-file";
import { readEntry, type TreeEntry } from "./tree-entry";

/** Whether one file of a tree is what lies in the folder. */
export interface TreeChange {
  readonly path: string;
  readonly change: "added" | "changed" | "removed" | "unchanged";
}

/**
 * Compares a tree with a folder, which may be missing. Sorted by path. Holds one file of the folder at a time: a tree of
 * thousands need not fit into memory twice.
 * @throws ExternalError if the folder can't be read
 */
export function compareTree(dir: string, files: readonly TreeFile[]): TreeChange[] {
  try {
    const there = new Set(listFiles(dir, ""));
    const wanted = new Map(files.map((file) => [file.path, file]));
    return [...new Set([...there, ...wanted.keys()])]
      .filter((path) => path !== MARKER_FILE)
      .sort()
      .map((path) => ({ path, change: toChange(there.has(path), wanted.get(path), () => readEntry(join(dir, path))) }));
  } catch (error) {
    throw toExternalError(error, "read", dir);
  }
}

function toChange(
  isThere: boolean,
  wanted: TreeFile | undefined,
  read: () => TreeEntry | undefined,
): TreeChange["change"] {
  if (!wanted) return "removed";
  if (!isThere) return "added";
  const before = read();
  return before?.content === wanted.content && before.mode === wanted.mode ? "unchanged" : "changed";
}

function listFiles(root: string, folder: string): string[] {
  const stat = lstatSync(join(root, folder), { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? listFiles(root, path) : [path];
  });
}
