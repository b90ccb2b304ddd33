import type { TreeFile } from "../config/tree-file";

/** A path may only lead into the folder: names with `/` between them, none of them `.` or `..`. */
const SEGMENT = /^[A-Za-z0-9._-]+$/;

/**
 * Refuses a tree that would not lie in its folder, or in which two files are in each other's way. Names come from keys that
 * `config` has checked: what is found here is a bug.
 */
export function assertTreePaths(files: readonly TreeFile[]): void {
  const paths = new Set(files.map(({ path }) => path));
  if (paths.size < files.length) throw new Error("bug: two files of a tree have one path");
  for (const path of paths) {
    const segments = path.split("/");
    if (!segments.every((segment) => SEGMENT.test(segment) && segment !== "." && segment !== "..")) {
      throw new Error(`bug: a file of a tree has the path ${JSON.stringify(path)}`);
    }
    const folders = segments.slice(1).map((_, at) => segments.slice(0, at + 1).join("/"));
    if (folders.some((folder) => paths.has(folder))) {
      throw new Error(`bug: ${JSON.stringify(path)} lies in a file of the same tree`);
    }
  }
}
