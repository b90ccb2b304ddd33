/** Says that a folder is the generator's to replace. */
export const MARKER_FILE = ".kakehashi";
