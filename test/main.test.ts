import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, Testing } from "cdktf";
import { loadSite } from "../config/load-site";
import { addStacks } from "../main";
import { stubFunctions } from "./helpers/stub-functions";
import { useFolder } from "./helpers/use-folder";

// `UPDATE_CASES=1 npx jest test/main` rewrites what is expected.

const EXAMPLES = ["aws-only", "three-clouds", "everything"];
const EXPECTED = join(__dirname, "stacks/expected");
/** Names that AWS gave, as long as a key. */
const VENDOR_WORDS = [
  "ApproximateNumberOfMessagesVisible",
  "ApproximateNumberOfMessagesNotVisible",
  "AmazonAPIGatewayPushToCloudWatchLogs",
];
const folder = useFolder();

function synthesise(example: string, out: string): string[] {
  const app = Testing.stubVersion(new App({ outdir: out, stackTraces: false }));
  addStacks(app, loadSite(`examples/${example}/site.yaml`), { state: "/srv/site", functions: stubFunctions(folder()) });
  app.synth();
  return readdirSync(join(out, "stacks")).sort();
}

describe.each(EXAMPLES)("examples/%s", (example) => {
  test("synthesises to the expected Terraform JSON, stack by stack", () => {
    const stacks = synthesise(example, folder());
    const there = join(EXPECTED, example);
    for (const stack of stacks) {
      const actual = readFileSync(join(folder(), "stacks", stack, "cdk.tf.json"), "utf8");
      const file = join(there, `${stack}.golden.json`);
      if (process.env.UPDATE_CASES) {
        mkdirSync(there, { recursive: true });
        writeFileSync(file, actual);
      }
      expect(JSON.parse(actual)).toEqual(JSON.parse(existsSync(file) ? readFileSync(file, "utf8") : "{}"));
    }
    expect(readdirSync(there).sort()).toEqual(stacks.map((stack) => `${stack}.golden.json`));
  });

  test("holds nothing that looks like a key, in any file", () => {
    synthesise(example, folder());
    const files = readdirSync(folder(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      // Assets lie in folders that are named after their content's hash.
      const text = readFileSync(file, "utf8").replace(/assets\/[\w-]+\/[0-9A-F]{32}\//g, "assets/");
      const found = (text.match(/[A-Za-z0-9]{32,}/g) ?? []).filter((word) => !VENDOR_WORDS.includes(word));
      expect({ file, found }).toEqual({ file, found: [] });
      const references = [
        ...text.matchAll(/"(?:tunnel\d_preshared_key|shared_secret|shared_key|presharedKey)": "([^"]*)"/g),
      ];
      for (const [, value] of references) expect(value).toMatch(/^\$\{[\w.-]+\}$/);
    }
  });

  test("synthesises the same twice", () => {
    synthesise(example, join(folder(), "a"));
    synthesise(example, join(folder(), "b"));
    for (const stack of readdirSync(join(folder(), "a/stacks"))) {
      const read = (which: string) => readFileSync(join(folder(), which, "stacks", stack, "cdk.tf.json"), "utf8");
      expect(read("a")).toBe(read("b"));
    }
  });

  test("pins every provider and keeps each stack's state apart", () => {
    const states = synthesise(example, folder()).map((stack) => {
      const { terraform } = JSON.parse(readFileSync(join(folder(), "stacks", stack, "cdk.tf.json"), "utf8"));
      expect(
        Object.values<any>(terraform.required_providers).every(
          ({ version }) => version === "stubbed" || /^\d+\.\d+\.\d+$/.test(version),
        ),
      ).toBe(true);
      return terraform.backend.local.path;
    });
    expect(new Set(states).size).toBe(states.length);
    expect(states).toEqual(
      states.map((_, at) => `/srv/site/terraform.${readdirSync(join(folder(), "stacks")).sort()[at]}.tfstate`),
    );
  });
});
