import { join } from "node:path";
import type { Io } from "../io";
import { paint } from "../paint";
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
  io.out(`\n${paint(io, "bold", "What to do next")}\n${NEXT}`);
  return 0;
}

const NEXT = `  look      out/demo/topology.svg in a browser, out/demo/tokyo/etc/ipsec.d/tokyo-aws.conf in an editor
  begin     npx kakehashi init my-site && npx kakehashi check my-site/site.yaml
  read      README.md (English), README.ja.md (日本語)
`;
