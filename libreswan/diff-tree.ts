import { join } from "node:path";
import type { TreeFile } from "../config/tree-file";
import { compareTree, type TreeChange } from "./compare-tree";
import { diffLines } from "./diff-lines";
import { toExternalError } from "./file-system-error";
import { readEntry, type TreeEntry } from "./tree-entry";

/** How one file of a tree differs from what lies in the folder. */
export interface TreeDifference extends TreeChange {
  /** Lines that go (`-`) and come (`+`). Missing for a secret, for which only the fact is told. */
  readonly lines?: readonly string[];
}

/**
 * Compares a tree with a folder, which may be missing, line by line. Sorted by path.
 * @throws ExternalError if the folder can't be read
 */
export function diffTree(dir: string, files: readonly TreeFile[]): TreeDifference[] {
  const wanted = new Map(files.map((file) => [file.path, file]));
  try {
    return compareTree(dir, files).map((change) =>
      change.change === "unchanged"
        ? change
        : toDifference(change, readEntry(join(dir, change.path)), wanted.get(change.path)),
    );
  } catch (error) {
    throw toExternalError(error, "read", dir);
  }
}

function toDifference(change: TreeChange, before: TreeEntry | undefined, after: TreeEntry | undefined): TreeDifference {
  if (isSecret(change.path, [before, after])) return change;
  const mode =
    before && after && before.mode !== after.mode ? [`-mode ${octal(before.mode)}`, `+mode ${octal(after.mode)}`] : [];
  return { ...change, lines: [...mode, ...diffLines(before?.content ?? "", after?.content ?? "")] };
}

/** By its name too: a copy whose mode was changed by hand is still a secret. */
function isSecret(path: string, entries: readonly (TreeEntry | undefined)[]): boolean {
  return path.endsWith(".secrets") || entries.some((entry) => entry && (entry.mode & 0o077) === 0);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
