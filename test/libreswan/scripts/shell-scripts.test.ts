import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { CONTROLLER_SCRIPTS } from "../../../libreswan/scripts/controller-scripts";

const FOLDER = join(__dirname, "../../../libreswan/scripts");
// kakehashi-status is awk for the most part, and has tests of its own.
const SCRIPTS = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".sh") && !name.includes("status"))
  .sort();
const isInstalled = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

const shellcheck = isInstalled("shellcheck") ? it.each(SCRIPTS) : it.skip.each(SCRIPTS);
const dash = isInstalled("dash") ? it.each(SCRIPTS) : it.skip.each(SCRIPTS);

describe("the controller's scripts", () => {
  shellcheck(
    `%s is clean by shellcheck${isInstalled("shellcheck") ? "" : " (skipped: shellcheck not installed)"}`,
    (name) => {
      expect(spawnSync("shellcheck", ["-s", "sh", join(FOLDER, name)], { encoding: "utf8" })).toMatchObject({
        status: 0,
        stdout: "",
      });
    },
  );

  dash(`%s parses in dash${isInstalled("dash") ? "" : " (skipped: dash not installed)"}`, (name) => {
    expect(spawnSync("dash", ["-n", join(FOLDER, name)], { encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  it.each(SCRIPTS)("%s has lines of at most 150 characters and no words of one shell only", (name) => {
    const lines = readFileSync(join(FOLDER, name), "utf8").split("\n");
    expect(lines.filter((line) => line.length > 150)).toEqual([]);
    expect(lines.filter((line) => /^\s*(local|declare|function|source|\[\[) /.test(line))).toEqual([]);
  });

  it("come with every unit's program, and every unit names only programs that come with it", () => {
    const paths = CONTROLLER_SCRIPTS.map(({ path }) => path);
    const units = CONTROLLER_SCRIPTS.filter(({ path }) => path.endsWith(".service"));
    expect(units).toHaveLength(3);
    const programs = units.flatMap(({ content }) =>
      [...content.matchAll(/\/(usr\/local\/sbin\/\S+)/g)].map(([, path]) => path),
    );
    expect(programs.length).toBeGreaterThan(0);
    expect(programs.filter((path) => !paths.includes(path ?? ""))).toEqual([]);
  });
});
