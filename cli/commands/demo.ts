import { join } from "node:path";
import type { Io } from "../io";
import { paint } from "../paint";
import { renderTable } from "../table";
import { check } from "./check";
import { render } from "./render";
import { synth } from "./synth";

const EXAMPLE = "examples/three-clouds";

/** `npm start`: the whole main job on a complete site, with facts that were recorded, so that no cloud account is needed. */
export async function demo(io: Io): Promise<number> {
  const here: Io = { ...io, cwd: io.root };
  const site = join(EXAMPLE, "site.yaml");
  const facts = join(EXAMPLE, "facts/outputs.json");
  const steps: readonly [title: string, action: () => Promise<number> | number][] = [
    [`kakehashi check ${site}`, () => check(here, site, {})],
    [`kakehashi synth ${site}`, () => synth(here, site, { out: "out/cdktf.out" })],
    [`kakehashi render ${site} --facts ${facts}`, () => render(here, site, { facts: [facts], out: "out" })],
  ];
  for (const [at, [title, action]] of steps.entries()) {
    io.out(`${at === 0 ? "" : "\n"}${paint(io, "bold", `[${at + 1}/${steps.length}] ${title}`)}\n`);
    const code = await action();
    if (code !== 0) return code;
  }
  io.out(`\n${paint(io, "bold", "What was made, where it lies, what to do with it")}\n${renderTable(MADE)}\n`);
  return 0;
}

const MADE = [
  ["Terraform JSON, one stack a network", "out/cdktf.out/stacks/", "on your own site: npx cdktf deploy '*'"],
  ["the controller's files", "out/demo/tokyo/", "read etc/ipsec.d/tokyo-aws.conf; on the controller: ./install.sh"],
  ["the VPN catalog", "out/demo/catalog/", "copy to the VC controller"],
  ["the picture", "out/demo/topology.svg", "open it in a browser"],
  ["your own site", "", "npx kakehashi init my-site && npx kakehashi check my-site/site.yaml"],
  ["how it goes on", "README.md README.ja.md", "five steps"],
];
