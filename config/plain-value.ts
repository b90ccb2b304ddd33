import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import type { Problem } from "./problems";

interface Position {
  readonly line: number;
  readonly column: number;
}

const MAX_DEPTH = 32;
/** Each may stand for a large part of the file. */
const MAX_ALIASES = 100;

const PLAIN_TAGS: ReadonlySet<string> = new Set(
  ["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`),
);

/**
 * A YAML tree as plain objects and lists. What no file here has a use for becomes a problem: tags, keys that are there
 * twice or would reach an object's prototype, endless aliases and nesting.
 */
export function toPlainValue(
  root: unknown,
  positionAt: (offset: number) => Position,
): { value: unknown; problems: readonly Problem[] } {
  const reader = new PlainReader(positionAt);
  const value = reader.read(root);
  return { value, problems: reader.problems };
}

class PlainReader {
  readonly problems: Problem[] = [];
  readonly #path: (string | number)[] = [];
  readonly #anchored = new Map<string, unknown>();
  #aliases = 0;

  constructor(private readonly positionAt: (offset: number) => Position) {}

  read(node: unknown): unknown {
    if (this.#path.length > MAX_DEPTH) {
      return this.#refuse(node, `must not be nested more than ${MAX_DEPTH} deep`, "is this the right file?");
    }
    if (isAlias(node)) return this.#readAlias(node, node.source);
    const { tag, anchor } = (node ?? {}) as { tag?: string; anchor?: string };
    if (tag !== undefined && !PLAIN_TAGS.has(tag))
      return this.#refuse(node, "must not have a YAML tag", "remove the tag");
    const value = isMap(node)
      ? this.#readMap(node)
      : isSeq(node)
        ? this.#readList(node)
        : isScalar(node)
          ? node.value
          : null;
    if (anchor !== undefined) this.#anchored.set(anchor, value);
    return value;
  }

  #readAlias(node: unknown, anchor: string): unknown {
    this.#aliases += 1;
    if (this.#aliases === MAX_ALIASES + 1) {
      return this.#refuse(node, `must not use more than ${MAX_ALIASES} aliases`, "write the values out");
    }
    if (this.#aliases > MAX_ALIASES || this.#anchored.has(anchor)) return this.#anchored.get(anchor);
    const fix = "write the value out, or put text that begins with * in quotes";
    return this.#refuse(node, "must name an anchor that stands before it and does not hold it", fix);
  }

  #readMap(map: YAMLMap): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const { key, value } of map.items) {
      const name = String(isScalar(key) ? key.value : "");
      this.#path.push(name);
      if (name === "__proto__") this.#refuse(key, "must not be a key", "use another name");
      else if (Object.hasOwn(result, name)) this.#refuse(key, "must not be there twice", "remove one, or rename it");
      else result[name] = this.read(value);
      this.#path.pop();
    }
    return result;
  }

  #readList(list: YAMLSeq): unknown[] {
    return list.items.map((item, at) => {
      this.#path.push(at);
      const value = this.read(item);
      this.#path.pop();
      return value;
    });
  }

  #refuse(node: unknown, rule: string, fix: string): undefined {
    const offset = (node as Node | null)?.range?.[0] ?? 0;
    this.problems.push({ path: [...this.#path], rule, fix, ...this.positionAt(offset) });
  }
}
