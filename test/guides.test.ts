import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { siteSchema } from "../config/schema/site";
import { runCli } from "./helpers/run-cli";
import { useFolder } from "./helpers/use-folder";

const GUIDES = readdirSync("docs").filter((name) => name.endsWith(".ja.md"));
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, block = ""]) => block);
const read = (name: string) => readFileSync(join("docs", name), "utf8");
const folder = useFolder();

test.each(GUIDES)("%s says as much as its English edition, and names files that exist", (name) => {
  const shape = (text: string) => {
    const lines = text.split("\n");
    return {
      headings: lines.filter((line) => line.startsWith("#")).map((line) => line.split(" ")[0]),
      rows: lines.filter((line) => line.startsWith("|")).length,
      bullets: lines.filter((line) => line.startsWith("- ")).length,
      commands: blocks(text, "sh").map((block) => block.replace(/\s+#.*$/gm, "")),
      values: blocks(text, "yaml").map((block) => parse(block)),
      others: [...blocks(text, "text"), ...blocks(text, "json")],
    };
  };
  const english = name.replace(/\.ja\.md$/, ".md");
  expect(shape(read(name))).toEqual(shape(read(english)));
  for (const page of [name, english]) {
    expect(read(page).split("\n").length).toBeLessThanOrEqual(121);
    for (const [, path = ""] of read(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
      expect({ page, path, exists: existsSync(join("docs", path)) }).toEqual({ page, path, exists: true });
    }
  }
});

test.each(GUIDES)("%s: its sections of the site file are sound", (name) => {
  for (const section of blocks(read(name), "yaml").map((block) => parse(block))) {
    for (const [key, value] of Object.entries(section)) {
      const schema = siteSchema.shape[key as keyof typeof siteSchema.shape];
      expect([key, schema?.safeParse(value).error]).toEqual([key, undefined]);
    }
  }
});

test("the picture of a dashboard is that of the example's watch", async () => {
  const out = join(folder(), "dashboard.svg");
  const site = "examples/everything/site.yaml";
  expect(await runCli(["watch", "preview", site, "--watch", "web", "--out", out])).toEqual({
    code: 0,
    out: `Wrote ${out}\n`,
    err: "",
  });
  expect(readFileSync("docs/dashboard.svg", "utf8")).toBe(readFileSync(out, "utf8"));
});

test.each([
  ["0", 0, 5],
  ["1", 1, 8],
  ["60", 60, 69],
  ["240", 240, 260],
])("a dashboard of %s instances can be drawn", async (count, instances, panels) => {
  const { code, out } = await runCli([
    "watch",
    "preview",
    "examples/everything/site.yaml",
    "--watch",
    "web",
    "--instances",
    count,
  ]);
  expect([code, out.match(/<g /g)?.length, out.includes(`${instances} instance`)]).toEqual([0, panels, true]);
});

test.each(["241", "-1", "1e2", "", "twelve"])("not one of %j instances", async (count) => {
  const words = ["watch", "preview", "examples/everything/site.yaml", "--watch", "web", `--instances=${count}`];
  expect(await runCli(words)).toEqual({
    code: 1,
    out: "",
    err: `watch preview: 1 problem\n  --instances: must be 0 to 240, got ${JSON.stringify(count)}; use for example 12\n`,
  });
});
