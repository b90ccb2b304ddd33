import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { brokenSourceRules } from "./helpers/source-rules";

const ROOT = join(__dirname, "..");
const PARTS = ["main.ts", "config", "modules", "stacks", "functions", "libreswan", "catalog", "diagram", "cli"];

/** `rule: from → to` for every violation in the folder. */
function importViolations(folder: string): string[] {
  const parts = PARTS.filter((part) => existsSync(join(folder, part)));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
      "--config",
      join(ROOT, ".dependency-cruiser.cjs"),
      "--output-type",
      "json",
      ...parts,
    ],
    { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (!stdout.startsWith("{")) throw new Error(`dependency-cruiser failed: ${stderr || stdout}`);
  const { summary } = JSON.parse(stdout);
  if (summary.totalCruised === 0) throw new Error("dependency-cruiser looked at nothing");
  return summary.violations
    .map(
      ({ rule, from, to }: { rule: { name: string }; from: string; to: string }) =>
        `${rule.name}: ${from} → ${to.replace(/^.*node_modules\//, "")}`,
    )
    .sort();
}

function sourcesBelow(path: string): string[] {
  if (!existsSync(join(ROOT, path))) return [];
  if (path.endsWith(".ts")) return [path];
  return readdirSync(join(ROOT, path), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return sourcesBelow(`${path}/${entry.name}`);
    return entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts") ? [`${path}/${entry.name}`] : [];
  });
}

describe("the repository", () => {
  it("imports only what the table of folders allows", () => {
    expect(importViolations(ROOT)).toEqual([]);
  }, 60_000);

  it("keeps to the rules of its sources", () => {
    const sources = PARTS.flatMap(sourcesBelow);
    expect(sources.length).toBeGreaterThan(40);
    const broken = sources.flatMap((path) =>
      brokenSourceRules(path, readFileSync(join(ROOT, path), "utf8")).map((rule) => `${path} ${rule}`),
    );
    expect(broken).toEqual([]);
  });
});

/** One file of each kind that must not be, and what is said about it. */
const FORBIDDEN_IMPORTS: readonly (readonly [path: string, text: string, violation: string])[] = [
  [
    "config/a.ts",
    'import { x } from "../stacks/target"; export const a = x;',
    "config-imports: config/a.ts → stacks/target.ts",
  ],
  [
    "config/b.ts",
    'import type { X } from "../stacks/target"; export type B = X;',
    "config-imports: config/b.ts → stacks/target.ts",
  ],
  [
    "config/c.ts",
    'import { App } from "cdktf"; export const c = App;',
    "no-cdktf-in-pure-code: config/c.ts → cdktf/lib/index.js",
  ],
  [
    "libreswan/a.ts",
    'import { x } from "../catalog/target"; export const a = x;',
    "libreswan-imports: libreswan/a.ts → catalog/target.ts",
  ],
  [
    "libreswan/b.ts",
    'import { x } from "../modules/aws/target"; export const b = x;',
    "libreswan-imports: libreswan/b.ts → modules/aws/target.ts",
  ],
  [
    "libreswan/c.ts",
    'import { Construct } from "constructs"; export const c = Construct;',
    "no-cdktf-in-pure-code: libreswan/c.ts → constructs/lib/index.js",
  ],
  [
    "catalog/a.ts",
    'import { x } from "../libreswan/target"; export const a = x;',
    "catalog-imports: catalog/a.ts → libreswan/target.ts",
  ],
  [
    "diagram/a.ts",
    'import { x } from "../cli/target"; export const a = x;',
    "diagram-imports: diagram/a.ts → cli/target.ts",
  ],
  [
    "stacks/a.ts",
    'import { x } from "../libreswan/target"; export const a = x;',
    "stacks-imports: stacks/a.ts → libreswan/target.ts",
  ],
  [
    "modules/aws/a.ts",
    'import { x } from "../../config/target"; export const a = x;',
    "modules-imports: modules/aws/a.ts → config/target.ts",
  ],
  [
    "modules/aws/b.ts",
    'import { x } from "../../stacks/target"; export const b = x;',
    "modules-imports: modules/aws/b.ts → stacks/target.ts",
  ],
  [
    "modules/aws/c.ts",
    'import { x } from "../oci/target"; export const c = x;',
    "no-cross-cloud-modules: modules/aws/c.ts → modules/oci/target.ts",
  ],
  [
    "cli/a.ts",
    'import { x } from "../modules/aws/target"; export const a = x;',
    "cli-imports: cli/a.ts → modules/aws/target.ts",
  ],
  ["main.ts", 'import { x } from "./cli/target"; export const a = x;', "main-imports: main.ts → cli/target.ts"],
  ["stacks/b.ts", 'import { x } from "./c"; export const b = x;', "no-cycles: stacks/b.ts → stacks/c.ts"],
  [
    "stacks/d.ts",
    'import { vpnConnection } from "@cdktf/provider-aws"; export const d = vpnConnection;',
    "no-provider-root-imports: stacks/d.ts → @cdktf/provider-aws/lib/index.js",
  ],
  [
    "stacks/e.ts",
    'import { subnet } from "@cdktf/provider-azurerm"; export const e = subnet;',
    "no-provider-root-imports: stacks/e.ts → @cdktf/provider-azurerm/lib/index.js",
  ],
  [
    "stacks/f.ts",
    'import { id } from "@cdktf/provider-random"; export const f = id;',
    "no-provider-root-imports: stacks/f.ts → @cdktf/provider-random/lib/index.js",
  ],
  [
    "stacks/g.ts",
    'import { coreVcn } from "@cdktf/provider-oci"; export const g = coreVcn;',
    "no-provider-root-imports: stacks/g.ts → @cdktf/provider-oci/dist/index.js",
  ],
];

const ALLOWED_IMPORTS: readonly (readonly [path: string, text: string])[] = [
  // The other half of the circle: it is told once.
  ["stacks/c.ts", 'import { b } from "./b"; export const x = b;'],
  ["libreswan/allowed.ts", 'import { x } from "../config/target"; export const a = x;'],
  [
    "modules/aws/allowed.ts",
    'import { x } from "../../config/values/target"; import { y } from "../common/target"; import { VpnConnection } from "@cdktf/provider-aws/lib/vpn-connection"; export const a = [x, y, VpnConnection];',
  ],
  [
    "stacks/allowed.ts",
    'import { x } from "../modules/aws/target"; import { y } from "../config/target"; import { z } from "../functions/relay/env"; export const a = [x, y, z];',
  ],
  [
    "cli/allowed.ts",
    'import { x } from "../libreswan/target"; import { y } from "../stacks/target"; export const a = [x, y];',
  ],
];

const TARGETS = [
  "stacks",
  "catalog",
  "libreswan",
  "cli",
  "config",
  "config/values",
  "modules/aws",
  "modules/oci",
  "modules/common",
];

describe("each rule about imports finds what breaks it", () => {
  let folder = "";
  let violations: string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "architecture-"));
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${text}\n`);
    };
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    write("tsconfig.json", readFileSync(join(ROOT, "tsconfig.json"), "utf8"));
    for (const target of TARGETS)
      write(`${target}/target.ts`, "export const x = 1; export const y = 2; export type X = number;");
    write("functions/relay/env.ts", "export const z = 1;");
    for (const [path, text] of [...FORBIDDEN_IMPORTS, ...ALLOWED_IMPORTS]) write(path, text);
    violations = importViolations(folder);
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(FORBIDDEN_IMPORTS)("%s: %s", (_path, _text, violation) => {
    expect(violations).toContain(violation);
  });

  it("and nothing else", () => {
    expect(violations).toEqual(FORBIDDEN_IMPORTS.map(([, , violation]) => violation).sort());
  });
});

const LONG = "const x = 1;\n".repeat(401);

const FORBIDDEN_SOURCES: readonly (readonly [path: string, text: string, rule: string])[] = [
  ["config/a.ts", "export const a = process.env.SITE;", "reads the environment"],
  ["libreswan/a.ts", "const { env } = process;", "reads the environment"],
  ["stacks/a.ts", 'const a = process["env"];', "reads the environment"],
  ["functions/relay/core.ts", "const a = process.env.URL;", "reads the environment"],
  ...["config", "libreswan", "modules/aws", "stacks", "catalog", "diagram"].flatMap(
    (folder): [string, string, string][] => [
      [`${folder}/a.ts`, "const a = Date.now();", "asks for the time"],
      [`${folder}/a.ts`, "const a = new Date();", "asks for the time"],
      [`${folder}/a.ts`, "const a = `${new Date()}`;", "asks for the time"],
      [`${folder}/a.ts`, "const a = Math.random();", "asks for chance"],
    ],
  ),
  ["config/a.ts", "const a = 1;\nlet b = 2;\n", "has a variable that outlives a call"],
  ["cli/a.ts", "export let b = 2;\n", "has a variable that outlives a call"],
  ["main.ts", "var b = 2;\n", "has a variable that outlives a call"],
  ["libreswan/index.ts", 'export * from "./a";', "is a barrel"],
  ["config/values/index.ts", 'export * from "./a";', "is a barrel"],
  ["config/utils/a.ts", "export const a = 1;", "lies in a drawer for everything"],
  ["stacks/a.ts", LONG, "is longer than 400 lines and does not say why in its first comment"],
  ["stacks/a.ts", 'new AwsProvider(this, "aws");', "makes a provider or backend"],
  ["modules/aws/a.ts", 'new S3Backend(stack, { bucket: "b" });', "makes a provider or backend"],
  ["modules/aws/a.ts", "export interface Props {\n  readonly site: Site;\n}", "takes the whole configuration"],
  ["modules/oci/a.ts", "export interface Props {\n  readonly config?: object;\n}", "takes the whole configuration"],
  [
    "stacks/a.ts",
    "const description = connection.description;",
    "carries a description, which may be in Japanese, to a cloud whose fields are ASCII",
  ],
];

const ALLOWED_SOURCES: readonly (readonly [path: string, text: string])[] = [
  ["main.ts", "const file = process.env.SITE;"],
  ["cli/run.ts", "const noColor = process.env.NO_COLOR; const now = Date.now();"],
  ["functions/relay/handler-aws.ts", "const url = process.env.URL;"],
  ["config/a.ts", "// not process.env, nor Date.now()\nconst a = 'Math.random()'; const b = \"new Date()\"; /* let */"],
  ["config/a.ts", "const a = new Date(seconds * 1000);"],
  ["config/a.ts", "function f() {\n  let a = 1;\n  return a;\n}"],
  ["stacks/providers.ts", 'new AwsProvider(stack, "aws");'],
  ["stacks/a.ts", `// Long because it is a table.\n${LONG}`],
  ["stacks/a.ts", "const x = 1;\n".repeat(400)],
  ["libreswan/a.ts", "const comment = connection.description;"],
  ["test/helpers/a.ts", "const a = Date.now();"],
];

describe("each rule about sources finds what breaks it", () => {
  it.each(FORBIDDEN_SOURCES.map(([path, text, rule]) => [rule, path, text] as const))("%s: %s", (rule, path, text) => {
    expect(brokenSourceRules(path, text)).toEqual([rule]);
  });

  it.each(ALLOWED_SOURCES)("and lets %s pass (%#)", (path, text) => {
    expect(brokenSourceRules(path, text)).toEqual([]);
  });
});
