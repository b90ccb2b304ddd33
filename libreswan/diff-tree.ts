import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TreeFile } from "../config/tree-file";
import { diffLines } from "./diff-lines";
import { toExternalError } from "./file-system-error";
import { MARKER_FILE } from "./marker-file";

/** How one file of a tree differs from what lies in the folder. */
export interface TreeChange {
  readonly path: string;
  readonly change: "added" | "changed" | "removed" | "unchanged";
  /** Lines that go (`-`) and come (`+`). Missing for a secret, for which only the fact is told. */
  readonly lines?: readonly string[];
}

/**
 * Compares a tree with a folder, which may be missing. Sorted by path.
 * @throws ExternalError if the folder can't be read
 */
export function diffTree(dir: string, files: readonly TreeFile[]): TreeChange[] {
  const there = readFolder(dir);
  const wanted = new Map(files.map((file) => [file.path, file]));
  const paths = [...new Set([...there.keys(), ...wanted.keys()])].filter((path) => path !== MARKER_FILE).sort();
  return paths.map((path) => toChange(path, there.get(path), wanted.get(path)));
}

interface Entry {
  readonly content: string;
  readonly mode: number;
}

function toChange(path: string, before: Entry | undefined, after: Entry | undefined): TreeChange {
  const change = !before ? "added" : !after ? "removed" : isSame(before, after) ? "unchanged" : "changed";
  if (change === "unchanged" || isSecret(path, [before, after])) return { path, change };
  const mode =
    before && after && before.mode !== after.mode ? [`-mode ${octal(before.mode)}`, `+mode ${octal(after.mode)}`] : [];
  return { path, change, lines: [...mode, ...diffLines(before?.content ?? "", after?.content ?? "")] };
}

function isSame(before: Entry, after: Entry): boolean {
  return before.content === after.content && before.mode === after.mode;
}

/** By its name too: a copy whose mode was changed by hand is still a secret. */
function isSecret(path: string, entries: readonly (Entry | undefined)[]): boolean {
  return path.endsWith(".secrets") || entries.some((entry) => entry && (entry.mode & 0o077) === 0);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function readFolder(dir: string): ReadonlyMap<string, Entry> {
  try {
    return new Map(listFiles(dir, "").map((path) => [path, readEntry(join(dir, path))]));
  } catch (error) {
    throw toExternalError(error, "read", dir);
  }
}

function listFiles(root: string, folder: string): string[] {
  const stat = lstatSync(join(root, folder), { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? listFiles(root, path) : [path];
  });
}

/** A link or device in the folder is not read: it counts as an empty file with a mode that none of ours has. */
function readEntry(file: string): Entry {
  const stat = lstatSync(file);
  return stat.isFile()
    ? { content: readFileSync(file, "utf8"), mode: stat.mode & 0o7777 }
    : { content: "", mode: 0o7777 };
}
