import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { toPlainValue } from "./plain-value";
import type { Problem } from "./problems";
import { YAML_FAULTS } from "./yaml-faults";

/** A YAML file as plain data, with the way back from a path to a line. */
export interface YamlSource {
  /** `undefined` if the text is no YAML; `null` if it is empty. What a problem speaks of is `undefined` in it. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** 1-based position of the value at `path`, or of its nearest parent that exists. */
  positionOf(path: readonly (string | number)[]): Position;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

const MAX_FILE_LENGTH = 8 * 1024 * 1024;
/** One slip in YAML makes many faults; more than the first ones help nobody. */
const MOST_SYNTAX_FAULTS = 20;

/** Reads one YAML 1.2 document. Never throws: what is wrong with it is in `problems`. */
export function parseYaml(text: string): YamlSource {
  if (text.length > MAX_FILE_LENGTH) {
    const rule = `must be at most ${MAX_FILE_LENGTH / 1024 / 1024} MiB`;
    return broken([{ path: [], rule, fix: "is this the right file?", line: 1, column: 1 }]);
  }
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // The library's own check of duplicate keys takes quadratic time; toPlainValue does it.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return broken(
      firstOfEachLine(faults.map(({ code, pos }) => ({ path: [], ...YAML_FAULTS[code], ...positionAt(pos[0]) }))),
    );
  }
  return { ...toPlainValue(document.contents, positionAt), positionOf: makePositionOf(document, positionAt) };
}

function broken(problems: readonly Problem[]): YamlSource {
  return { value: undefined, problems, positionOf: () => ({ line: 1, column: 1 }) };
}

function firstOfEachLine(problems: readonly (Problem & Position)[]): Problem[] {
  const byLine = new Map<number, Problem & Position>();
  for (const problem of [...problems].sort((a, b) => a.line - b.line || a.column - b.column)) {
    if (!byLine.has(problem.line)) byLine.set(problem.line, problem);
  }
  return [...byLine.values()].slice(0, MOST_SYNTAX_FAULTS);
}

// ---- From a path back to a line

function makePositionOf(document: Document, positionAt: (offset: number) => Position): YamlSource["positionOf"] {
  const pairsOf = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  const pairAt = (map: YAMLMap, key: string): Pair | undefined => {
    const pairs = pairsOf.get(map) ?? indexPairs(map);
    pairsOf.set(map, pairs);
    return pairs.get(key);
  };
  return (path) => {
    let node: unknown = document.contents;
    let offset = startOf(node) ?? 0;
    for (const segment of path) {
      const pair = isMap(node) ? pairAt(node, String(segment)) : undefined;
      const next = pair ? pair.value : isSeq(node) ? node.items[Number(segment)] : undefined;
      if (next === undefined && !pair) break;
      offset = startOf(pair ? pair.key : next) ?? offset;
      node = next;
    }
    return positionAt(offset);
  };
}

/** Of a key that is there twice the first counts. */
function indexPairs(map: YAMLMap): ReadonlyMap<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (const pair of map.items) {
    const key = String(isScalar(pair.key) ? pair.key.value : "");
    if (!pairs.has(key)) pairs.set(key, pair);
  }
  return pairs;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}
