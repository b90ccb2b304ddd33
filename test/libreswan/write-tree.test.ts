import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExternalError } from "../../config/problems";
import type { TreeFile } from "../../config/tree-file";
import { diffTree } from "../../libreswan/diff-tree";
import { writeTree } from "../../libreswan/write-tree";

const CONF: TreeFile = { path: "tokyo/etc/ipsec.d/a.conf", content: "conn a-1\n", mode: 0o644 };
const SECRETS: TreeFile = { path: "tokyo/etc/ipsec.d/a.secrets", content: 'PSK "ExampleKey1"\n', mode: 0o600 };
const SCRIPT: TreeFile = { path: "tokyo/install.sh", content: "#!/bin/sh\n", mode: 0o755 };
const TREE = [CONF, SECRETS, SCRIPT];

const isRoot = process.getuid?.() === 0;
const itAsUser = isRoot
  ? (name: string, _test: () => void) => it.skip(`${name} (skipped: root may write everywhere)`, () => undefined)
  : it;

let work: string;
let dir: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "kakehashi-tree-"));
  dir = join(work, "out/demo");
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

const modeOf = (path: string): string => (statSync(join(dir, path)).mode & 0o7777).toString(8);
const text = (path: string): string => readFileSync(join(dir, path), "utf8");
/** What lies beside the folder: nothing may be left behind. */
const beside = (): string[] => readdirSync(join(work, "out")).sort();

describe("writeTree", () => {
  it("writes files and folders with exact modes, whatever the umask", () => {
    const before = process.umask(0o177);
    try {
      writeTree(dir, TREE);
    } finally {
      process.umask(before);
    }
    expect(TREE.map(({ path }) => [path, modeOf(path)])).toEqual([
      [CONF.path, "644"],
      [SECRETS.path, "600"],
      [SCRIPT.path, "755"],
    ]);
    expect(["", "tokyo", "tokyo/etc", "tokyo/etc/ipsec.d"].map(modeOf)).toEqual(["755", "755", "755", "755"]);
    expect(text(SECRETS.path)).toBe(SECRETS.content);
    expect(beside()).toEqual(["demo"]);
  });

  it("takes away what the tree no longer holds", () => {
    writeTree(dir, TREE);
    writeTree(dir, [SCRIPT]);
    expect(readdirSync(dir).sort()).toEqual([".kakehashi", "tokyo"]);
    expect(readdirSync(join(dir, "tokyo"))).toEqual(["install.sh"]);
  });

  it("keeps the tree before, with what was changed in it by hand, as .previous", () => {
    writeTree(dir, TREE);
    writeFileSync(join(dir, CONF.path), "changed by hand\n");
    writeTree(dir, [SCRIPT]);
    expect(beside()).toEqual(["demo", "demo.previous"]);
    expect(readFileSync(join(work, "out/demo.previous", CONF.path), "utf8")).toBe("changed by hand\n");
    writeTree(dir, TREE);
    expect(readdirSync(join(work, "out/demo.previous/tokyo"))).toEqual(["install.sh"]);
  });

  it("does nothing where nothing differs", () => {
    writeTree(dir, TREE);
    const inode = statSync(dir).ino;
    writeTree(dir, TREE);
    expect(statSync(dir).ino).toBe(inode);
    expect(beside()).toEqual(["demo"]);
  });

  it("corrects a mode that was changed by hand", () => {
    writeTree(dir, TREE);
    chmodSync(join(dir, SECRETS.path), 0o644);
    writeTree(dir, TREE);
    expect(modeOf(SECRETS.path)).toBe("600");
  });

  it("fills an empty folder", () => {
    mkdirSync(dir, { recursive: true });
    writeTree(dir, TREE);
    expect(text(CONF.path)).toBe(CONF.content);
  });

  const refusal = (what: string): Error =>
    new ExternalError(
      `can't replace ${JSON.stringify(what)}: it is not a folder that kakehashi render wrote; name another folder, or move it away`,
    );

  it("refuses a folder of someone else's, and leaves it as it was", () => {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, "thesis.tex"), "years of work");
    expect(() => writeTree(dir, TREE)).toThrow(refusal(dir));
    expect(readdirSync(dir)).toEqual(["thesis.tex"]);
    expect(beside()).toEqual(["demo"]);
  });

  it("refuses a file in the folder's place", () => {
    mkdirSync(join(work, "out"));
    writeFileSync(dir, "a file");
    expect(() => writeTree(dir, TREE)).toThrow(refusal(dir));
    expect(readFileSync(dir, "utf8")).toBe("a file");
  });

  it("refuses a link, even to a folder of its own", () => {
    writeTree(join(work, "elsewhere"), TREE);
    mkdirSync(join(work, "out"));
    symlinkSync(join(work, "elsewhere"), dir);
    expect(() => writeTree(dir, [SCRIPT])).toThrow(refusal(dir));
    expect(readFileSync(join(work, "elsewhere", CONF.path), "utf8")).toBe(CONF.content);
  });

  it("refuses a .previous of someone else's before it moves anything", () => {
    writeTree(dir, TREE);
    mkdirSync(`${dir}.previous`);
    writeFileSync(`${dir}.previous/mine`, "");
    expect(() => writeTree(dir, [SCRIPT])).toThrow(refusal(`${dir}.previous`));
    expect(text(CONF.path)).toBe(CONF.content);
  });

  it("says what can't be written, and leaves nothing behind", () => {
    writeFileSync(join(work, "out"), "a file where a folder should be");
    expect(() => writeTree(dir, TREE)).toThrow(
      new ExternalError(`can't write ${JSON.stringify(dir)}: ENOTDIR; nothing was changed`),
    );
    expect(readdirSync(work)).toEqual(["out"]);
  });

  itAsUser("says that a folder is not writable, and leaves nothing behind", () => {
    mkdirSync(join(work, "out"), { mode: 0o500 });
    expect(() => writeTree(dir, TREE)).toThrow(
      new ExternalError(`can't write ${JSON.stringify(dir)}: EACCES; nothing was changed`),
    );
    expect(beside()).toEqual([]);
  });

  it.each([
    ["leads upward", "../x"],
    ["leads upward from within", "a/../../x"],
    ["is absolute", "/etc/passwd"],
    ["is empty", ""],
    ["has an empty segment", "a//b"],
    ["is the folder itself", "."],
    ["holds a backslash", "a\\..\\x"],
    ["holds a line break", "a\nb"],
    ["holds a NUL", "a\0b"],
    ["holds a shell's words", "a;reboot"],
  ])("refuses a path that %s", (_, path) => {
    expect(() => writeTree(dir, [{ ...CONF, path }])).toThrow(
      new Error(`bug: a file of a tree has the path ${JSON.stringify(path)}`),
    );
    expect(readdirSync(work)).toEqual([]);
  });

  it("refuses two files of one path, and a file inside a file", () => {
    expect(() => writeTree(dir, [CONF, CONF])).toThrow(new Error("bug: two files of a tree have one path"));
    expect(() => writeTree(dir, [CONF, { ...CONF, path: `${CONF.path}/x` }])).toThrow(
      new Error(`bug: ${JSON.stringify(`${CONF.path}/x`)} lies in a file of the same tree`),
    );
  });
});

describe("diffTree", () => {
  it("calls everything added where the folder is missing", () => {
    expect(diffTree(dir, [CONF, SECRETS])).toEqual([
      { path: CONF.path, change: "added", lines: ["+conn a-1"] },
      { path: SECRETS.path, change: "added" },
    ]);
  });

  it("tells added, changed, removed and unchanged apart, by path", () => {
    writeTree(dir, [CONF, SCRIPT, { ...CONF, path: "tokyo/old.conf" }]);
    const changed = { ...CONF, content: "conn a-1\n    auto=start\n" };
    expect(diffTree(dir, [changed, SCRIPT, { ...CONF, path: "tokyo/zz.conf" }])).toEqual([
      { path: CONF.path, change: "changed", lines: ["+    auto=start"] },
      { path: SCRIPT.path, change: "unchanged" },
      { path: "tokyo/old.conf", change: "removed", lines: ["-conn a-1"] },
      { path: "tokyo/zz.conf", change: "added", lines: ["+conn a-1"] },
    ]);
  });

  it("never shows a secret: by the mode it has or had, or by its name", () => {
    writeTree(dir, TREE);
    chmodSync(join(dir, SECRETS.path), 0o644);
    const other = { ...SECRETS, content: 'PSK "ExampleKey2"\n' };
    for (const files of [[other], []]) {
      const changes = diffTree(dir, files);
      expect(JSON.stringify(changes)).not.toContain("ExampleKey");
      expect(changes.find(({ path }) => path === SECRETS.path)).toEqual({
        path: SECRETS.path,
        change: files.length > 0 ? "changed" : "removed",
      });
    }
  });

  it("shows a mode that differs", () => {
    writeTree(dir, [CONF]);
    expect(diffTree(dir, [{ ...CONF, mode: 0o640 }])).toEqual([
      { path: CONF.path, change: "changed", lines: ["-mode 0644", "+mode 0640"] },
    ]);
  });

  it("takes a link for a change, and does not follow it", () => {
    writeTree(dir, [SCRIPT]);
    symlinkSync("/etc/passwd", join(dir, "tokyo/link"));
    expect(diffTree(dir, [SCRIPT, { ...CONF, path: "tokyo/link" }])[1]).toEqual({
      path: "tokyo/link",
      change: "changed",
      lines: ["-mode 7777", "+mode 0644", "+conn a-1"],
    });
  });
});
