// Writes the site file's reference into README.md and README.ja.md, between their markers, from site.schema.json.
// Japanese comes from docs/reference.ja.yaml, by the English text. `--check` writes nothing and fails if one is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const read = (name) => readFileSync(join(ROOT, name), "utf8");
const schema = JSON.parse(read("site.schema.json"));
const japanese = parse(read("docs/reference.ja.yaml"));

/** Sections of the reference: where their schema lies, and how the entries are called there. */
const SECTIONS = [
  ["", []],
  ["backend", ["backend"]],
  ["controllers.<key>", ["controllers", "*"]],
  ["networks.aws.<key>", ["networks", "aws", "*"]],
  ["networks.oracle.<key>", ["networks", "oracle", "*"]],
  ["networks.azure.<key>", ["networks", "azure", "*"]],
  ["networks.sakura.<key>", ["networks", "sakura", "*"]],
  ["networks.openstack.<key>, networks.onpremises.<key>", ["networks", "openstack", "*"]],
  ["connections.<key>", ["connections", "*"]],
  ["chats.<key>", ["chats", "*"]],
  ["relays.<key>", ["relays", "*"]],
  ["alarms.<key>", ["alarms", "*"]],
  ["appliances.<key>", ["appliances", "*"]],
  ["notifiers.<key>", ["notifiers", "*"]],
  ["watches.<key>", ["watches", "*"]],
  ["accounts.<key>", ["accounts", "*"]],
  ["peerings.<key>", ["peerings", "*"]],
  ["activations.<key>", ["activations", "*"]],
];

const at = (node, path) =>
  path.reduce((found, step) => (step === "*" ? found.additionalProperties : found.properties[step]), node);

function rowsOf(node, prefix = "") {
  if (node.oneOf) return node.oneOf.flatMap((option) => rowsOf(option, prefix));
  const required = node.required ?? [];
  return Object.entries(node.properties ?? {}).flatMap(([key, value]) =>
    rowsOfKey(prefix + key, value, required.includes(key)),
  );
}

function rowsOfKey(key, value, isRequired) {
  const nested =
    value.properties || value.oneOf
      ? rowsOf(value, `${key}.`)
      : value.additionalProperties?.properties
        ? rowsOf(value.additionalProperties, `${key}.<key>.`)
        : [];
  if (nested.length > 0) return [...(value.description ? [{ key, value, isRequired }] : []), ...nested];
  return [{ key, value, isRequired }];
}

function typeOf(value) {
  if (value.const !== undefined) return `\`${value.const}\``;
  if (value.enum) return value.enum.map((word) => `\`${word}\``).join(" ");
  if (value.anyOf) return value.anyOf.map(typeOf).join(" ");
  if (value.examples?.length) return `\`${value.examples[0]}\``;
  if (value.type === "array") return `[ ${typeOf(Array.isArray(value.items) ? value.items[0] : value.items)} … ]`;
  return (
    { string: "text", integer: "whole number", number: "number", boolean: "`true` `false`", object: "mapping" }[
      value.type
    ] ?? "any"
  );
}

function defaultOf({ value, isRequired }, words) {
  if (value.default !== undefined && typeof value.default !== "object") return `\`${value.default}\``;
  return isRequired ? words.required : "";
}

function table(rows, words, translate) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(words.head),
    "| --- | --- | --- | --- |",
    ...rows.map((row) =>
      line([`\`${row.key}\``, typeOf(row.value), defaultOf(row, words), translate(row.value.description ?? "")]),
    ),
  ].join("\n");
}

function reference(words, translate) {
  return SECTIONS.map(([title, path]) => {
    const node = at(schema, path);
    const rows =
      title === ""
        ? rowsOf({ ...node, properties: pick(node.properties, ["site", "description", "tags"]) })
        : rowsOf(node);
    return [
      ...(title === "" ? [] : [`**${title}**${node.description ? ` ${translate(node.description)}` : ""}`, ""]),
      table(rows, words, translate),
    ].join("\n");
  }).join("\n\n");
}

const pick = (object, keys) => Object.fromEntries(keys.map((key) => [key, object[key]]));

const missing = new Set();
const toJapanese = (text) => {
  if (text === "") return "";
  if (japanese[text] === undefined) missing.add(text);
  return japanese[text] ?? text;
};

const EDITIONS = [
  ["README.md", { head: ["key", "value", "default", "meaning"], required: "required" }, (text) => text],
  ["README.ja.md", { head: ["キー", "値", "既定値", "意味"], required: "必須" }, toJapanese],
];

const BEGIN = "<!-- reference: written by `npm run reference` -->";
const END = "<!-- /reference -->";
const isCheck = process.argv.includes("--check");

for (const [file, words, translate] of EDITIONS) {
  const text = read(file);
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${file} has no reference markers`);
  const fresh = `${text.slice(0, begin)}${BEGIN}\n${reference(words, translate)}\n${text.slice(end)}`;
  if (missing.size > 0) {
    process.stderr.write(
      `docs/reference.ja.yaml lacks:\n${[...missing].map((one) => `  ${JSON.stringify(one)}`).join("\n")}\n`,
    );
    process.exitCode = 1;
    break;
  }
  if (fresh === text) continue;
  if (isCheck) {
    process.stderr.write(`${file}: the reference is stale: run \`npm run reference\`\n`);
    process.exitCode = 1;
  } else writeFileSync(join(ROOT, file), fresh);
}
