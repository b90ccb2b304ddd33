import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runCli } from "./helpers/run-cli";
import { useFolder } from "./helpers/use-folder";

const EDITIONS = ["README.md", "README.ja.md"];
const folder = useFolder();

/** The lines of a page's shell blocks, without their remarks. */
function commands(page: string): string[] {
  return [...readFileSync(page, "utf8").matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block = ""]) => block.split("\n"))
    .map((line) => line.replace(/\s{2,}#.*$/, "").trim())
    .filter((line) => line !== "");
}

test.each(EDITIONS)(
  "%s: the five steps work as they are written, with recorded outputs in place of a deployment",
  async (page) => {
    const own = commands(page).filter((line) => line.startsWith("npx kakehashi "));
    expect(own.map((line) => line.split(" ")[2])).toEqual(["init", "check", "render"]);
    for (const line of own) {
      if (line.includes(" render "))
        copyFileSync("examples/aws-only/facts/outputs.json", join(folder(), "my-site/outputs.json"));
      const { code, err } = await runCli(line.split(/\s+/).slice(2), { cwd: folder() });
      expect({ line, code, err }).toEqual({ line, code: 0, err: "" });
    }
    const copied = commands(page)
      .find((line) => line.startsWith("scp "))
      ?.split(" ")[2] as string;
    expect(existsSync(join(folder(), copied, "install.sh"))).toBe(true);
  },
);

test.each(EDITIONS)("%s: every npm script that it names exists", (page) => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const named = [...readFileSync(page, "utf8").matchAll(/npm (?:run )?([a-z][\w:-]*)/g)].map(
    ([, name]) => name as string,
  );
  expect(named.length).toBeGreaterThan(0);
  for (const name of new Set(named)) expect(["ci", ...Object.keys(scripts)]).toContain(name);
});

test.each(EDITIONS)("%s: every file and folder that it links to exists", (page) => {
  const links = [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(
    ([, path]) => path as string,
  );
  expect(links.length).toBeGreaterThan(2);
  for (const path of links) expect({ path, exists: existsSync(resolve(path)) }).toEqual({ path, exists: true });
});

test("both editions have the same commands, sections and rows", () => {
  const shape = (page: string) => {
    const lines = readFileSync(page, "utf8").split("\n");
    return {
      commands: commands(page),
      headings: lines.filter((line) => line.startsWith("#")).map((line) => line.split(" ")[0]),
      rows: lines.filter((line) => line.startsWith("|")).length,
      bullets: lines.filter((line) => line.startsWith("- ")).length,
    };
  };
  expect(shape("README.ja.md")).toEqual(shape("README.md"));
});

test.each(EDITIONS)("%s: names every command and exit code of the command line", async (page) => {
  const { out } = await runCli(["--help"]);
  const known = [...out.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name as string).filter((name) => name !== "help");
  const text = readFileSync(page, "utf8");
  for (const name of known) expect(text).toContain(`\`${name} `);
});

test("the reference is the schema's", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/write-reference.mjs", "--check"], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("the picture is that of examples/three-clouds", async () => {
  const { out } = await runCli(["diagram", "examples/three-clouds/site.yaml"]);
  expect(readFileSync("docs/topology.svg", "utf8")).toBe(out);
});
