import { lstatSync, readFileSync } from "node:fs";

/** A file of a folder, as far as a tree's file is compared with it. */
export interface TreeEntry {
  readonly content: string;
  readonly mode: number;
}

/** A link or device in the folder is not read: it counts as an empty file with a mode that none of ours has. */
export function readEntry(file: string): TreeEntry | undefined {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (!stat) return undefined;
  return stat.isFile()
    ? { content: readFileSync(file, "utf8"), mode: stat.mode & 0o7777 }
    : { content: "", mode: 0o7777 };
}
