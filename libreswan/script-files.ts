import type { TreeFile } from "../config/tree-file";

/** The scripts of the machine: the same on every controller, they read what they need from `etc/kakehashi`. */
export const SCRIPT_FILES: readonly TreeFile[] = [];
