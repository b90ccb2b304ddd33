import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TreeFile } from "../../config/tree-file";
import { renderController } from "../../libreswan/render-controller";
import { SCRIPT_FILES } from "../../libreswan/script-files";
import { CASE_NAMES, CASES_FOLDER, planCase, readTree } from "../helpers/load-case";

/** The scripts are the same everywhere and have tests of their own: they stay out of the expected files. */
function renderCase(name: string): TreeFile[] {
  const scripts = new Set(SCRIPT_FILES.map(({ path }) => path));
  return planCase(name).flatMap((plan) =>
    renderController(plan)
      .filter(({ path }) => !scripts.has(path))
      .map((file) => ({ ...file, path: `${plan.controller}/${file.path}` })),
  );
}

function rewrite(folder: string, files: readonly TreeFile[]): void {
  rmSync(folder, { recursive: true, force: true });
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

describe("the committed scenarios", () => {
  it.each(CASE_NAMES)("%s renders as expected (UPDATE_CASES=1 rewrites)", (name) => {
    const folder = join(CASES_FOLDER, name, "expected");
    const files = renderCase(name);
    if (process.env.UPDATE_CASES) rewrite(folder, files);
    const byPath = (tree: readonly TreeFile[]) => Object.fromEntries(tree.map(({ path, content }) => [path, content]));
    expect(byPath(files)).toEqual(byPath(readTree(folder)));
  });

  it("covers every cloud, routing, mode and version", () => {
    const plans = CASE_NAMES.flatMap((name) => planCase(name));
    const seen = new Set(
      plans.flatMap((plan) => plan.connections.map(({ tunnels: [one] }) => `${one.cloud} ${one.routing} ${one.mode}`)),
    );
    expect([...seen].sort()).toEqual([
      "aws bgp route-based",
      "aws static policy-based",
      "aws static route-based",
      "azure bgp route-based",
      "azure static route-based",
      "oracle bgp route-based",
      "oracle static route-based",
    ]);
    expect([...new Set(plans.map(({ libreswan }) => libreswan))].sort()).toEqual(["3.32", "4.10", "4.14", "5.2"]);
  });

  it("gives secrets to root alone, FRR's files to its group, and everything else to all", () => {
    for (const { path, mode } of CASE_NAMES.flatMap(renderCase)) {
      const expected = path.endsWith(".secrets") ? 0o600 : path.includes("/etc/frr/") ? 0o640 : 0o644;
      expect([path, mode]).toEqual([path, expected]);
    }
  });

  it("writes a key into .secrets files and nowhere else", () => {
    const files = CASE_NAMES.flatMap(renderCase);
    const withKey = files.filter(({ content }) => content.includes("ExampleKey")).map(({ path }) => path);
    expect(withKey.length).toBeGreaterThan(0);
    expect(withKey.filter((path) => !path.endsWith(".secrets"))).toEqual([]);
  });

  it("has FRR files exactly where a connection uses BGP", () => {
    for (const name of CASE_NAMES) {
      for (const plan of planCase(name)) {
        const usesBgp = plan.connections.some(({ tunnels: [one] }) => one.routing === "bgp");
        expect([name, renderController(plan).filter(({ path }) => path.startsWith("etc/frr/")).length]).toEqual([
          name,
          usesBgp ? 2 : 0,
        ]);
      }
    }
  });
});
