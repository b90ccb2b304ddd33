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
  const sound = new Set<string>();
  for (const path of paths) {
    const [folder, name] = splitPath(path);
    if (!isSegment(name) || !isFolder(folder, sound)) {
      throw new Error(`bug: a file of a tree has the path ${JSON.stringify(path)}`);
    }
  }
  for (const folder of sound) {
    if (!paths.has(folder)) continue;
    const within = [...paths].find((path) => path.startsWith(`${folder}/`));
    throw new Error(`bug: ${JSON.stringify(within)} lies in a file of the same tree`);
  }
}

/** The folder is undefined where there is none, and empty where the path begins with `/`. */
function splitPath(path: string): [folder: string | undefined, name: string] {
  const end = path.lastIndexOf("/");
  return end < 0 ? [undefined, path] : [path.slice(0, end), path.slice(end + 1)];
}

/** Each folder is looked at once, however many files lie in it. */
function isFolder(path: string | undefined, sound: Set<string>): boolean {
  if (path === undefined || sound.has(path)) return true;
  const [folder, name] = splitPath(path);
  if (!isSegment(name) || !isFolder(folder, sound)) return false;
  sound.add(path);
  return true;
}

function isSegment(text: string): boolean {
  return SEGMENT.test(text) && text !== "." && text !== "..";
}
