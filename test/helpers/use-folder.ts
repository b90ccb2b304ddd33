import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of the test's own, gone afterwards. */
export function useFolder(): () => string {
  const state = { folder: "" };
  beforeEach(() => {
    state.folder = mkdtempSync(join(tmpdir(), "kakehashi-"));
  });
  afterEach(() => rmSync(state.folder, { recursive: true, force: true }));
  return () => state.folder;
}
