import { distance } from "fastest-levenshtein";
import * as z from "zod";
import type { Problem } from "../problems";
import { isSecretPath, isSecretText } from "../secret-fields";
import { CLASSIC_LINK_ADVICE, isClassicLink } from "./retired-words";

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

const MAX_TYPING_DISTANCE = 3;
/** A name that is no longer than this is compared with up to this many others: both keep the search short. */
const MAX_COMPARED_LENGTH = 64;
const MOST_COMPARED = 1_000;
const MOST_SHOWN = 16;

/** What zod found, in the house's words. `input` is the value that was parsed: the message shows what stands there. */
export function toProblems(schema: z.ZodType, issues: readonly Issue[], input: unknown, base: Path = []): Problem[] {
  return issues
    .flatMap((issue) => toProblem(schema, issue, input))
    .map((problem) => ({ ...problem, path: [...base, ...problem.path] }));
}

function toProblem(schema: z.ZodType, issue: Issue, input: unknown): Problem[] {
  const path = issue.path.filter((segment): segment is string | number => typeof segment !== "symbol");
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path, valueAt(input, path));
    return issue.keys.map((key) =>
      isClassicLink(key)
        ? { path: [...path, key], ...CLASSIC_LINK_ADVICE }
        : { path: [...path, key], rule: "is not a known key", fix: adviseKey(key, known) },
    );
  }
  if (issue.code === "invalid_key") {
    return [{ path, ...splitMessage(issue.issues[0]?.message ?? "is not a valid key; use another") }];
  }
  const value = valueAt(input, path);
  if (value === undefined) return [{ path, rule: "is required", fix: adviseMissing(schema, path) }];
  const isShown = !isContainer(value) && !isSecretPath(path) && !isSecretText(value);
  const described = describe(schema, path, issue, value);
  return [{ path, ...described, ...(isShown && !described.isKindTold ? { got: value } : {}) }].map(
    ({ isKindTold: _, ...problem }) => problem,
  );
}

interface Description extends Pick<Problem, "rule" | "fix"> {
  /** The rule says what kind of value stands there. The value itself is then left out: something secret may be in it. */
  readonly isKindTold?: boolean;
}

function describe(schema: z.ZodType, path: Path, issue: Issue, value: unknown): Description {
  if (issue.message.includes("; ")) return splitMessage(issue.message);
  switch (issue.code) {
    case "invalid_type":
      return describeType(schema, path, issue.expected, value);
    case "too_small": {
      const least = `at least ${issue.minimum}${entries(issue)}`;
      return issue.origin === "array"
        ? { rule: `must have ${least}`, fix: "add what is missing" }
        : { rule: `must be ${least}`, fix: `use ${issue.minimum} or more` };
    }
    case "too_big": {
      const most = `at most ${issue.maximum}${entries(issue)}`;
      return issue.origin === "array"
        ? { rule: `must have ${most}`, fix: "remove some" }
        : { rule: `must be ${most}`, fix: `use ${issue.maximum} or less` };
    }
    case "invalid_union": {
      const [closest] = issue.errors.find(([first]) => first !== undefined && first.code !== "invalid_type") ?? [];
      if (closest) return describe(schema, path, closest, value);
      return {
        rule: `must be text, a number, or true or false, not ${kindOf(value)}`,
        fix: "use a plain value",
        isKindTold: true,
      };
    }
    default:
      return splitMessage(issue.message);
  }
}

function entries(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (issue.origin !== "array") return "";
  return ("minimum" in issue ? issue.minimum : issue.maximum) === 1 ? " entry" : " entries";
}

const CONTAINERS: readonly string[] = ["object", "record", "array", "tuple"];

function describeType(schema: z.ZodType, path: Path, expected: string, value: unknown): Description {
  const rule = `must be ${TYPE_WORDS[expected] ?? `a ${expected}`}`;
  const example = exampleAt(schema, path);
  const fix =
    example === undefined
      ? (TYPE_FIXES[expected] ?? "see the reference in README.md")
      : `use for example ${JSON.stringify(example)}`;
  if (value === null) return { rule, fix: "fill it in or remove it" };
  if (isContainer(value) || CONTAINERS.includes(expected))
    return { rule: `${rule}, not ${kindOf(value)}`, fix, isKindTold: true };
  if (expected === "string" && typeof value !== "string")
    return { rule, fix: `put it in quotes${example === undefined ? "" : `, as in ${JSON.stringify(example)}`}` };
  if (expected === "number" && typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)))
    return { rule, fix: "remove the quotes" };
  return { rule, fix };
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

const TYPE_FIXES: Readonly<Record<string, string>> = {
  string: "write plain text",
  number: "use a number",
  int: "use a whole number",
  boolean: "write true or false, without quotes",
  object: "write key: value below it, or { key: value }",
  record: "write key: value below it, or { key: value }",
  array: "write it as [a, b]",
  tuple: "write it as [a, b]",
};

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isContainer(value)) return "a mapping";
  if (typeof value === "number") return Number.isFinite(value) ? "a number" : "infinity or nothing";
  return typeof value === "string" ? "text" : value === null ? "nothing" : "true or false";
}

function splitMessage(message: string): Pick<Problem, "rule" | "fix"> {
  const at = message.lastIndexOf("; ");
  return at < 0
    ? { rule: message, fix: "see the reference in README.md" }
    : { rule: message.slice(0, at), fix: message.slice(at + 2) };
}

/** The nearest of `known`, or all of them where none is near. */
export function adviseKey(key: string, known: readonly string[]): string {
  const nearest = nearestWord(key, known);
  if (nearest) return `did you mean ${nearest}?`;
  if (known.length === 0) return "remove it";
  const more = known.length > MOST_SHOWN ? ` and ${known.length - MOST_SHOWN} more` : "";
  return `known are ${known.slice(0, MOST_SHOWN).join(", ")}${more}`;
}

export function nearestWord(word: string, known: readonly string[]): string | undefined {
  if (word.length > MAX_COMPARED_LENGTH) return undefined;
  const farthest = Math.min(MAX_TYPING_DISTANCE, Math.ceil(word.length / 2));
  let best: { readonly candidate: string; readonly far: number } | undefined;
  for (const candidate of known.slice(0, MOST_COMPARED)) {
    if (Math.abs(candidate.length - word.length) > farthest) continue;
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (far <= farthest && far < (best?.far ?? Number.POSITIVE_INFINITY)) best = { candidate, far };
  }
  return best?.candidate;
}

function adviseMissing(schema: z.ZodType, path: Path): string {
  const example = exampleAt(schema, path);
  return example === undefined ? "add it" : `add for example ${path.at(-1)}: ${JSON.stringify(example)}`;
}

function exampleAt(schema: z.ZodType, path: Path): unknown {
  const field = schemaAt(schema, path);
  const [example] = ((field && metaOf(field))?.examples ?? []) as unknown[];
  return example;
}

function metaOf(schema: z.ZodType): z.core.GlobalMeta | undefined {
  const own = schema.meta();
  if (own?.examples) return own;
  const inner = unwrap(schema);
  return inner === schema ? own : metaOf(inner);
}

// ---- Walking a schema along a path

/** Of a union's options only those whose literals (`type: s3`) the value has. */
function knownKeys(schema: z.ZodType, path: Path, value: unknown): string[] {
  const at = schemaAt(schema, path);
  const options = at ? objectsOf(at).filter((object) => hasLiteralsOf(object, value)) : [];
  return [...new Set(options.flatMap((object) => Object.keys(object.shape)))];
}

function hasLiteralsOf(object: z.ZodObject, value: unknown): boolean {
  return Object.entries(object.shape).every(
    ([key, field]) => !(field instanceof z.ZodLiteral) || field.values.has(valueAt(value, [key]) as string),
  );
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
        : (objectsOf(core).find((object) => Object.hasOwn(object.shape, head))?.shape[head] as z.ZodType | undefined);
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
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return schema.unwrap() as z.ZodType;
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
