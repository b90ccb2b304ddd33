import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import Ajv from "ajv";
import { parse } from "yaml";
import { renderSiteJsonSchema } from "../../../config/schema/json-schema";
import { exchange, WHOLE_SITE } from "../../helpers/whole-site";

const ROOT = join(__dirname, "../../..");
const committed = readFileSync(join(ROOT, "site.schema.json"), "utf8");
const example = (name: string) => readFileSync(join(ROOT, "examples", name, "site.yaml"), "utf8");
const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true }).compile(
  JSON.parse(committed),
);

/** Where and by which keyword of JSON Schema the text is refused. */
function faultsOf(text: string): string[] {
  return validate(parse(text))
    ? []
    : (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

describe("site.schema.json", () => {
  it("is what config/schema/site.ts says now (else: node scripts/write-schema.mjs)", () => {
    expect(committed).toBe(renderSiteJsonSchema());
  });

  it("is written and checked by its script", () => {
    const script = join(ROOT, "scripts/write-schema.mjs");
    expect(execFileSync(process.execPath, [script, "--check"], { encoding: "utf8" })).toBe("");
    const copy = mkdtempSync(join(tmpdir(), "schema-"));
    try {
      writeFileSync(join(copy, "stale.json"), committed.replace("Kakehashi", "Kakehashi "));
      const { status, stderr } = spawnSync(process.execPath, [script, "--check", join(copy, "stale.json")], {
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: `${join(copy, "stale.json")} is stale: run \`node scripts/write-schema.mjs\`\n`,
      });
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  it.each([
    ["examples/aws-only", example("aws-only")],
    ["examples/three-clouds", example("three-clouds")],
    ["a site with every field", WHOLE_SITE],
  ])("takes %s", (_, text) => {
    expect(faultsOf(text)).toEqual([]);
  });

  it.each(["aws-only", "three-clouds"])("is named in the first line of examples/%s", (name) => {
    expect(example(name).split("\n")[0]).toBe("# yaml-language-server: $schema=../../site.schema.json");
  });

  it.each([
    ["an unknown key", "language: ja", "langage: ja", ["/controllers/tokyo additionalProperties"]],
    [
      "an unquoted version",
      'libreswan: "4.10"',
      "libreswan: 4.10",
      ["/controllers/tokyo/libreswan type", "/controllers/tokyo/libreswan enum"],
    ],
    ["a missing field", "routing: static", "mode: route-based", ["/connections/tokyo-kept required"]],
    ["a key in plain text", "psk: env:TOKYO_AWS_1", "psk: hunter2", ["/connections/tokyo-aws/tunnels/1/psk pattern"]],
    ["a wrong word", "sku: VpnGw1AZ", "sku: VpnGw1", ["/networks/azure/japan/sku enum"]],
    ["a wrong id", "vpcId: vpc-0123456789abcdef0", "vpcId: vpc-x", ["/networks/aws/old/existing/vpcId pattern"]],
  ])("refuses %s", (_, line, instead, faults) => {
    const text =
      line === "routing: static"
        ? WHOLE_SITE.replace(/routing: static\n {4}probe/, `${instead}\n    probe`)
        : exchange(line, instead).text;
    expect(faultsOf(text)).toEqual(faults);
  });

  it("describes every field, for editors to show", () => {
    const undescribed: string[] = [];
    const visit = (node: any, path: string): void => {
      for (const [name, field] of Object.entries<any>(node.properties ?? {})) {
        if (!field.description && name !== "1" && name !== "2") undescribed.push(`${path}.${name}`);
        visit(field, `${path}.${name}`);
      }
      if (typeof node.additionalProperties === "object") visit(node.additionalProperties, `${path}.*`);
      for (const option of node.oneOf ?? node.anyOf ?? []) visit(option, path);
    };
    visit(JSON.parse(committed), "");
    expect(undescribed).toEqual([]);
  });
});
