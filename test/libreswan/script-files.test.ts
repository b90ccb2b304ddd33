import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LIBRESWAN_VERSIONS } from "../../config/schema/controllers";
import { renderController } from "../../libreswan/render-controller";
import { SCRIPT_FILES } from "../../libreswan/script-files";
import { planCase } from "../helpers/load-case";

const FOLDER = join(__dirname, "../../libreswan/scripts");

describe("the scripts of a controller", () => {
  it("are all of the folder, word for word", () => {
    const written = new Set(SCRIPT_FILES.map(({ content }) => content));
    const there = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.(sh|tmpl)$/.test(name),
    );
    expect(there.length).toBeGreaterThan(5);
    expect(there.filter((name) => !written.has(readFileSync(join(FOLDER, name), "utf8")))).toEqual([]);
    expect(written.size).toBe(there.length);
  });

  it("are the same on every controller and version", () => {
    for (const version of LIBRESWAN_VERSIONS) {
      for (const plan of planCase("two-controllers", version))
        expect(renderController(plan)).toEqual(expect.arrayContaining([...SCRIPT_FILES]));
    }
  });

  it("can be run where they are commands, and only read where they are parts", () => {
    for (const { path, content, mode } of SCRIPT_FILES) {
      const isCommand = path === "install.sh" || path.startsWith("usr/local/sbin/");
      expect([path, mode.toString(8)]).toEqual([path, isCommand ? "755" : "644"]);
      if (isCommand) expect([path, content.split("\n")[0]]).toEqual([path, "#!/bin/sh"]);
    }
  });
});
