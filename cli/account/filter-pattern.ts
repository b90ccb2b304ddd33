import type { TrailEvent } from "../../config/cis-monitoring";

/** Whether a filter takes an event. */
export type FilterPattern = (event: TrailEvent) => boolean;

/** Sticky: it ends at the first thing that is no token. */
const TOKEN = /\s*(?:"(?:[^"\\]|\\.)*"|&&|\|\||!=|<=|>=|[{}()=<>]|[^\s{}()=<>!&|"]+)/gy;

/** CloudWatch Logs takes no longer one. */
const LONGEST_PATTERN = 1024;

/**
 * Reads a filter pattern for JSON events, as metric filters on a trail have them: comparisons with `=` and `!=`, `*` in a value,
 * EXISTS, NOT EXISTS, IS NULL, IS TRUE, IS FALSE, and all of them joined by `&&`, `||` and parentheses. A field that is not there
 * equals nothing and differs from nothing.
 * @returns undefined for any other pattern: one in words, a regular expression, a comparison of numbers
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function readFilterPattern(text: string): FilterPattern | undefined {
  const tokens = text.length > LONGEST_PATTERN ? undefined : tokenize(text);
  if (tokens === undefined || tokens.shift() !== "{") return undefined;
  const pattern = readAny(tokens);
  return tokens.shift() === "}" && tokens.length === 0 ? pattern : undefined;
}

function tokenize(text: string): string[] | undefined {
  const trimmed = text.trim();
  const matches = [...trimmed.matchAll(TOKEN)];
  const isWhole = matches.reduce((length, [match]) => length + match.length, 0) === trimmed.length;
  return isWhole ? matches.map(([match]) => match.trim()) : undefined;
}

function readAny(tokens: string[]): FilterPattern | undefined {
  const terms = readJoined(tokens, "||", readAll);
  return terms && ((event) => terms.some((term) => term(event)));
}

function readAll(tokens: string[]): FilterPattern | undefined {
  const terms = readJoined(tokens, "&&", readTerm);
  return terms && ((event) => terms.every((term) => term(event)));
}

function readJoined(
  tokens: string[],
  mark: string,
  read: (tokens: string[]) => FilterPattern | undefined,
): FilterPattern[] | undefined {
  const terms: FilterPattern[] = [];
  do {
    const term = read(tokens);
    if (!term) return undefined;
    terms.push(term);
  } while (tokens[0] === mark && tokens.shift());
  return terms;
}

function readTerm(tokens: string[]): FilterPattern | undefined {
  const first = tokens.shift();
  if (first === "(") {
    const inner = readAny(tokens);
    return tokens.shift() === ")" ? inner : undefined;
  }
  if (first === undefined || !/^\$(?:\.[\w-]+)+$/.test(first)) return undefined;
  const valueIn = (event: TrailEvent): unknown => fieldOf(event, first.split(".").slice(1));
  const operator = tokens.shift();
  switch (operator) {
    case "EXISTS":
      return (event) => valueIn(event) !== undefined;
    case "NOT":
      return tokens.shift() === "EXISTS" ? (event) => valueIn(event) === undefined : undefined;
    case "IS":
      return readIs(tokens.shift(), valueIn);
    case "=":
    case "!=":
      return readComparison(operator, tokens.shift(), valueIn);
    default:
      return undefined;
  }
}

function readIs(word: string | undefined, valueIn: (event: TrailEvent) => unknown): FilterPattern | undefined {
  const values = new Map<string | undefined, unknown>([
    ["NULL", null],
    ["TRUE", true],
    ["FALSE", false],
  ]);
  return values.has(word) ? (event) => valueIn(event) === values.get(word) : undefined;
}

function readComparison(
  operator: "=" | "!=",
  token: string | undefined,
  valueIn: (event: TrailEvent) => unknown,
): FilterPattern | undefined {
  if (token === undefined || /^[{}()=<>%]/.test(token)) return undefined;
  const text = token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, "$1") : token;
  const parts = text.split("*");
  return (event) => {
    const value = valueIn(event);
    return typeof value === "string" && isLike(value, parts) === (operator === "=");
  };
}

/** Whether a text is these parts with anything between them. */
function isLike(text: string, parts: readonly string[]): boolean {
  const [first = "", ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  return others.every((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found >= 0 && at <= text.length - last.length;
  });
}

function fieldOf(event: TrailEvent, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    event,
  );
}
