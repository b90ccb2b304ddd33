import { Document, isMap, isScalar, type Pair } from "yaml";

/** Comments by the path of the key that they stand above, joined by `/`. */
export type Comments = ReadonlyMap<string, string>;

/**
 * YAML in the order of the value's keys. Texts that YAML 1.1 would take for something else are quoted too: the VC controller
 * and its SDK read it with PyYAML.
 */
export function toYaml(value: unknown, header: readonly string[], comments: Comments = new Map()): string {
  const document = new Document(value, { compat: "yaml-1.1" } as never);
  document.commentBefore = header.map((line) => (line === "" ? "" : ` ${line}`)).join("\n");
  comment(document.contents, [], comments);
  return document.toString({ lineWidth: 0, singleQuote: true, nullStr: "" });
}

function comment(node: unknown, path: readonly string[], comments: Comments): void {
  if (!isMap(node)) return;
  for (const [index, pair] of (node.items as Pair[]).entries()) {
    const key = isScalar(pair.key) ? pair.key : undefined;
    const here = [...path, String(key?.value)];
    const text = comments.get(here.join("/"));
    if (key && text !== undefined) key.commentBefore = ` ${text}`;
    if (key && path.length === 0 && index > 0) key.spaceBefore = true;
    comment(pair.value, here, comments);
  }
}
