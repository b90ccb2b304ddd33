import { distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Problem } from "../problems";
import { SECRET_FIELD } from "./fields";

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

const MAX_TYPING_DISTANCE = 3;

/** What zod found, in the house's words. `input` is the value that was parsed: the message shows what stands there. */
export function toProblems(schema: z.ZodType, issues: readonly Issue[], input: unknown, base: Path = []): Problem[] {
  return issues
    .flatMap((issue) => toProblem(schema, issue, input))
    .map((problem) => ({ ...problem, path: [...base, ...problem.path] }));
}

function toProblem(schema: z.ZodType, issue: Issue, input: unknown): Problem[] {
  const path = issue.path.filter((segment): segment is string | number => typeof segment !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      rule: "is not a known key",
      fix: adviseKey(key, knownKeys(schema, path)),
    }));
  }
  if (issue.code === "invalid_key") {
    const first = issue.issues[0]?.message ?? "is not a valid key; use another";
    return [{ path, ...splitMessage(first) }];
  }
  const value = valueAt(input, path);
  const got = value === undefined || isSecretPath(path) ? {} : { got: value };
  if (value === undefined) return [{ path, rule: "is required", fix: adviseMissing(schema, path) }];
  return [{ path, ...describe(issue), ...got }];
}

function describe(issue: Issue): Pick<Problem, "rule" | "fix"> {
  switch (issue.code) {
    case "invalid_type":
      return {
        rule: `must be ${TYPE_WORDS[issue.expected] ?? `a ${issue.expected}`}`,
        fix: "see the reference in README.md",
      };
    case "too_small":
      return {
        rule: `must ${issue.origin === "array" ? "have at least" : "be at least"} ${issue.minimum}`,
        fix: "add what is missing",
      };
    case "too_big":
      return {
        rule: `must ${issue.origin === "array" ? "have at most" : "be at most"} ${issue.maximum}`,
        fix: "use less",
      };
    case "invalid_union":
      return issue.message.includes("; ")
        ? splitMessage(issue.message)
        : { rule: "must be text, a number or true or false", fix: "use a plain value" };
    default:
      return splitMessage(issue.message);
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a mapping of keys to values",
  record: "a mapping of keys to values",
  array: "a list",
  tuple: "a list of two",
};

function splitMessage(message: string): Pick<Problem, "rule" | "fix"> {
  const at = message.lastIndexOf("; ");
  return at < 0
    ? { rule: message, fix: "see the reference in README.md" }
    : { rule: message.slice(0, at), fix: message.slice(at + 2) };
}

export function isSecretPath(path: Path): boolean {
  return path.some((segment) => SECRET_FIELD.test(String(segment)));
}

/** The nearest of `known`, or all of them where none is near. */
export function adviseKey(key: string, known: readonly string[]): string {
  const nearest = nearestWord(key, known);
  if (nearest) return `did you mean ${nearest}?`;
  return known.length > 0 ? `known are ${known.join(", ")}` : "remove it";
}

export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return best && best.far <= Math.min(MAX_TYPING_DISTANCE, Math.ceil(word.length / 2)) ? best.candidate : undefined;
}

function adviseMissing(schema: z.ZodType, path: Path): string {
  const field = schemaAt(schema, path);
  const meta = field ? metaOf(field) : undefined;
  const [example] = (meta?.examples ?? []) as unknown[];
  return example === undefined ? "add it" : `add for example ${path.at(-1)}: ${JSON.stringify(example)}`;
}

function metaOf(schema: z.ZodType): z.core.GlobalMeta | undefined {
  const own = schema.meta();
  if (own?.examples) return own;
  const inner = unwrap(schema);
  return inner === schema ? own : metaOf(inner);
}

// ---- Walking a schema along a path

function knownKeys(schema: z.ZodType, path: Path): string[] {
  const at = schemaAt(schema, path);
  return at ? [...new Set(objectsOf(at).flatMap((object) => Object.keys(object.shape)))] : [];
}

function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return schema;
  const core = unwrapAll(schema);
  const next =
    core instanceof z.ZodRecord
      ? (core.valueType as z.ZodType)
      : core instanceof z.ZodArray
        ? (core.element as z.ZodType)
        : (objectsOf(core).find((object) => head in object.shape)?.shape[head] as z.ZodType | undefined);
  return next && schemaAt(next, rest);
}

function objectsOf(schema: z.ZodType): z.ZodObject[] {
  const core = unwrapAll(schema);
  if (core instanceof z.ZodObject) return [core];
  if (core instanceof z.ZodUnion) return core.options.flatMap((option) => objectsOf(option as z.ZodType));
  return [];
}

function unwrapAll(schema: z.ZodType): z.ZodType {
  const inner = unwrap(schema);
  return inner === schema ? schema : unwrapAll(inner);
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return schema.unwrap() as z.ZodType;
  if (schema instanceof z.ZodPipe) return schema.in as z.ZodType;
  return schema;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, segment) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, segment)
        ? (at as Record<string | number, unknown>)[segment]
        : undefined,
    value,
  );
}
