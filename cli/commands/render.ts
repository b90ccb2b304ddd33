import { join } from "node:path";
import { readText } from "../../config/load-site";
import { readFacts } from "../../config/read-facts";
import type { Site } from "../../config/site";
import type { TreeChange } from "../../libreswan/compare-tree";
import { diffTree, type TreeDifference } from "../../libreswan/diff-tree";
import { writeTree } from "../../libreswan/write-tree";
import { type BuiltTree, buildTree } from "../build-tree";
import type { Io } from "../io";
import { paint } from "../paint";
import { loadSiteFile, resolveIn } from "../site-file";
import { renderTable } from "../table";

interface RenderOptions {
  readonly facts: string[];
  readonly out: string;
  readonly check?: boolean;
  readonly json?: boolean;
}

export async function render(io: Io, argument: string | undefined, options: RenderOptions): Promise<number> {
  const site = loadSiteFile(io, argument);
  const facts = readFacts(
    options.facts.map((name) => ({ name, text: readText(resolveIn(io, name)) })),
    site,
  );
  const shown = join(options.out, site.name);
  const folder = resolveIn(io, shown);
  const tree = await buildTree(site, facts, folder, io.now());
  if (options.check) {
    const differences = diffTree(folder, tree.files).filter(({ change }) => change !== "unchanged");
    return showDifference(io, shown, differences, options);
  }
  const changes = writeTree(folder, tree.files);
  if (options.json) io.out(`${JSON.stringify({ ok: true, folder: shown, changes, notices: tree.notices }, null, 2)}\n`);
  else io.out(`${renderSummary(io, site, shown, tree, changes)}\n`);
  return 0;
}

/** Exit code 1: what lies there is not what the site file and the facts say. */
function showDifference(io: Io, folder: string, changes: readonly TreeDifference[], { json }: RenderOptions): number {
  const isSame = changes.length === 0;
  if (json) io.out(`${JSON.stringify({ ok: isSame, folder, changes }, null, 2)}\n`);
  else if (isSame) io.out(`${folder}: up to date\n`);
  else
    io.out(
      `${folder}: ${changes.length === 1 ? "1 file differs" : `${changes.length} files differ`}\n${changes.map((change) => showChange(io, change)).join("\n")}\n`,
    );
  return isSame ? 0 : 1;
}

function showChange(io: Io, { path, change, lines }: TreeDifference): string {
  const colored = (lines ?? []).map(
    (line) =>
      `    ${line.startsWith("+") ? paint(io, "green", line) : line.startsWith("-") ? paint(io, "red", line) : line}`,
  );
  return [
    `  ${change.padEnd(7)}  ${path}${lines === undefined ? " (a secret: its lines are not shown)" : ""}`,
    ...(change === "changed" ? colored : []),
  ].join("\n");
}

function renderSummary(
  io: Io,
  site: Site,
  folder: string,
  { notices }: BuiltTree,
  changes: readonly TreeChange[],
): string {
  const counts = new Map<string, number>();
  for (const { path } of changes) {
    const [top = ""] = path.split("/", 1);
    counts.set(top, (counts.get(top) ?? 0) + 1);
  }
  const changed = (top: string) => {
    const count = counts.get(top) ?? 0;
    return count === 0 ? "unchanged" : count === 1 ? "1 file written" : `${count} files written`;
  };
  const rows = [
    ...site.controllers.map(({ key, libreswan }) => [
      join(folder, key),
      `files of controller ${key}, Libreswan ${libreswan}`,
      changed(key),
    ]),
    [join(folder, "catalog"), "VPN catalog", changed("catalog")],
    [join(folder, "topology.svg"), "picture", changed("topology.svg")],
  ].filter(
    ([path]) =>
      notices.length === 0 ||
      !path?.endsWith("catalog") ||
      !notices.some((notice) => notice.startsWith("no VPN catalog")),
  );
  const [first] = site.controllers;
  return [
    renderTable(rows, ""),
    ...notices.map((notice) => paint(io, "yellow", `note: ${notice}`)),
    ...(first
      ? [
          `Next: copy ${join(folder, first.key)} to the controller (it holds keys: scp, not mail) and run \`sudo ./install.sh --dry-run\` there, then \`sudo ./install.sh\`.`,
        ]
      : []),
  ].join("\n");
}
