import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Problem } from "./problems";

/** A YAML file as plain data, with the way back from a path to a line. */
export interface YamlSource {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** 1-based position of the value at `path`, or of its nearest parent that exists. */
  positionOf(path: readonly (string | number)[]): { line: number; column: number };
}

const MAX_ALIASES = 100;
const MAX_FILE_LENGTH = 16 * 1024 * 1024;

/** Reads one YAML 1.2 document. Never throws: what is wrong with it is in `problems`. */
export function parseYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const nowhere = { value: undefined, positionOf: () => ({ line: 1, column: 1 }) };
  if (text.length > MAX_FILE_LENGTH) {
    return {
      ...nowhere,
      problems: [
        { path: [], rule: `must be at most ${MAX_FILE_LENGTH / 1024 / 1024} MiB`, fix: "is this the right file?" },
      ],
    };
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    maxAliasCount: MAX_ALIASES,
  } as never);
  const faults = [...document.errors, ...document.warnings];
  const problems: Problem[] = faults.map((fault) => {
    const { line, col } = lines.linePos(fault.pos[0]);
    return {
      path: [],
      rule: `must be well-formed YAML: ${firstLine(fault.message)}`,
      fix: "mend the line",
      line,
      column: col,
    };
  });
  if (problems.length > 0) return { ...nowhere, problems };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value, problems, positionOf: (path) => positionOf(document, lines, path) };
  } catch (error) {
    const message = error instanceof Error ? firstLine(error.message) : "can't be resolved";
    return {
      ...nowhere,
      problems: [
        { path: [], rule: `must be well-formed YAML: ${message}`, fix: "write the value out instead of using aliases" },
      ],
    };
  }
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/\p{Cc}/gu, "?");
}

function positionOf(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): { line: number; column: number } {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const segment of path) {
    const next = childAt(node, segment);
    if (!next) break;
    offset = next.offset ?? offset;
    node = next.value;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function childAt(node: unknown, segment: string | number): { value: unknown; offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(segment),
    );
    return pair && { value: pair.value, offset: startOf(pair.key) };
  }
  if (isSeq(node)) {
    const item = node.items[Number(segment)];
    return item === undefined ? undefined : { value: item, offset: startOf(item) };
  }
  return undefined;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}
