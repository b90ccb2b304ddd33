// `npm run bench`: how long synth, check and render take, as ratios in one run. Says what it could not measure.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFacts, makeSite } from "./big-site.mjs";
import { ROOT } from "./load-source.mjs";
import { compete, HAS_GNU_TIME, measure } from "./measure.mjs";
import { prepareTemplatesWay } from "./templates-way.mjs";

const ROUNDS = 7;
const folder = mkdtempSync(join(tmpdir(), "kakehashi-bench-"));
const skipped = [];

function table(title, rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const line = (row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ");
  process.stdout.write(`\n${title}\n${rows.map((row) => `  ${line(row)}`).join("\n")}\n`);
}

const seconds = (value) => `${value.toFixed(2)} s`;
const megabytes = (value) => `${Math.round(value)} MB`;
const times = (value) => `${value.toFixed(1)} x`;
const say = (text) => process.stderr.write(`${text} …\n`);

function benchSynth() {
  say("synth of examples/three-clouds");
  const env = (out) => ({
    ...process.env,
    SITE: join(ROOT, "examples/three-clouds/site.yaml"),
    CDKTF_OUTDIR: join(folder, out),
    CHECKPOINT_DISABLE: "1",
  });
  const ours = {
    name: "this app (node dist/main.js)",
    command: [process.execPath, join(ROOT, "dist/main.js")],
    options: { cwd: folder, env: env("ours") },
  };
  const floor = { name: "node -e 0", command: [process.execPath, "-e", "0"] };
  measure(ours.command, ours.options);
  const result = compete([floor, ours], ROUNDS);
  const cli = { cwd: ROOT, env: env("cli") };
  result.set(
    "npx cdktf synth around it",
    measure([process.execPath, "node_modules/cdktf-cli/bundle/bin/cdktf.js", "synth", "-o", join(folder, "cli")], cli),
  );
  say("the same app by ts-node and root imports (installs ts-node in a folder of its own)");
  const theirs = prepareTemplatesWay(ROOT, join(folder, "templates-way"));
  if (theirs)
    result.set(
      "ts-node, root imports (the templates' way)",
      measure(theirs, { cwd: join(folder, "templates-way"), env: env("theirs") }),
    );
  else skipped.push("ts-node with root imports: the package registry can't be reached");
  const base = result.get(floor.name);
  table("synth of examples/three-clouds, from the shell", [
    ["", "wall", "CPU", "CPU by node -e 0", "memory"],
    ...[...result].map(([name, { wall, cpu, megabytes: peak }]) => [
      name,
      seconds(wall),
      seconds(cpu),
      times(cpu / base.cpu),
      megabytes(peak),
    ]),
  ]);
  const slow = result.get("ts-node, root imports (the templates' way)");
  if (slow)
    process.stdout.write(
      `  ts-node takes ${times(slow.wall / result.get(ours.name).wall)} the wall time and ${times(slow.cpu / result.get(ours.name).cpu)} the CPU time of this app\n`,
    );
}

function benchRender() {
  const rows = [["", "wall", "CPU", "CPU a connection", "memory"]];
  for (const connections of [1_000, 10_000]) {
    say(`check and render of ${connections} connections`);
    const site = join(folder, `site-${connections}.yaml`);
    const facts = join(folder, `facts-${connections}.json`);
    const text = makeSite({ connections });
    writeFileSync(site, text);
    writeFileSync(facts, makeFacts(text));
    const cli = (...args) => [process.execPath, join(ROOT, "dist/cli.js"), ...args];
    const out = join(folder, `out-${connections}`);
    const contestants = [
      { name: "check", command: cli("check", site) },
      { name: "render, all files new", command: cli("render", site, "--facts", facts, "--out", out), fresh: true },
      { name: "render again, nothing new", command: cli("render", site, "--facts", facts, "--out", out) },
    ];
    for (const { name, command, fresh } of contestants) {
      if (fresh) rmSync(out, { recursive: true, force: true });
      const { wall, cpu, megabytes: peak } = measure(command);
      rows.push([
        `${name}, ${connections} connections`,
        seconds(wall),
        seconds(cpu),
        `${((cpu / connections) * 1e3).toFixed(2)} ms`,
        megabytes(peak),
      ]);
    }
  }
  table("check and render, from the shell (two tunnels a connection)", rows);
}

function benchManyNetworks() {
  const rows = [["", "wall", "CPU", "CPU a network", "memory"]];
  for (const networks of [50, 100, 200]) {
    say(`synth of ${networks} networks`);
    const site = join(folder, `networks-${networks}.yaml`);
    writeFileSync(site, makeSite({ connections: networks * 4, networks }));
    const env = { ...process.env, SITE: site, CDKTF_OUTDIR: join(folder, `networks-${networks}`) };
    const {
      wall,
      cpu,
      megabytes: peak,
    } = measure([process.execPath, join(ROOT, "dist/main.js")], { cwd: folder, env });
    rows.push([
      `${networks} networks`,
      seconds(wall),
      seconds(cpu),
      `${((cpu / networks) * 1e3).toFixed(1)} ms`,
      `${megabytes(peak)}`,
    ]);
  }
  table("synth of many networks, one stack each", rows);
}

if (!HAS_GNU_TIME) {
  process.stdout.write("skipped: everything, for GNU time is not installed (apt-get install time)\n");
} else {
  try {
    mkdirSync(folder, { recursive: true });
    benchSynth();
    benchRender();
    benchManyNetworks();
    process.stdout.write(skipped.map((one) => `\nskipped: ${one}\n`).join(""));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
