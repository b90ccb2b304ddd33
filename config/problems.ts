/** One thing to mend in a file that the user wrote. */
export interface Problem {
  /** The file, where one error speaks of several. */
  readonly file?: string;
  /** Where, from the file's root: `["controllers", "tokyo", "asn"]`. */
  readonly path: readonly (string | number)[];
  /** What must hold, lower case: `must be an IPv4 address`. */
  readonly rule: string;
  /** The value that breaks it. Left out where there is none, or where it may be a secret. */
  readonly got?: unknown;
  /** What to write instead. */
  readonly fix: string;
  /** 1-based position in the file, where it is known. */
  readonly line?: number;
  readonly column?: number;
}

const MAX_SHOWN_VALUE_LENGTH = 120;

/** The user's input is wrong: exit code 1. Holds every problem of one file, in the file's order. */
export class ConfigError extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly Problem[],
  ) {
    super(formatProblems(file, problems));
    this.name = "ConfigError";
  }
}

/** Something outside failed (a file that can't be read, a tool, a cloud): exit code 2. */
export class ExternalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ExternalError";
  }
}

/** The exit code of a command that ends in this error: 70 is a bug of Kakehashi's own. */
export function exitCodeOf(error: unknown): 1 | 2 | 70 {
  if (isConfigError(error)) return 1;
  return error instanceof Error && error.name === "ExternalError" ? 2 : 70;
}

/** By its name: the commands that speak to AWS lie in a bundle of their own, which has classes of its own. */
export function isConfigError(error: unknown): error is ConfigError {
  return error instanceof Error && error.name === "ConfigError";
}

export function formatProblems(file: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [
    `${file}: ${count}`,
    ...problems.map((problem) => `  ${formatFile(problem, file)}${formatProblem(problem)}`),
  ].join("\n");
}

function formatFile(problem: Problem, shown: string): string {
  return problem.file === undefined || problem.file === shown ? "" : `${formatSegment(problem.file)}: `;
}

/** `<path>: <rule>, got <value>; <fix>`, and the line where it is known. */
export function formatProblem({ path, rule, got, fix, line }: Problem): string {
  const where = path.length > 0 ? `${path.map(formatSegment).join(".")}: ` : "";
  const value = got === undefined ? "" : `, got ${formatValue(got)}`;
  return `${where}${rule}${value}; ${fix}${line === undefined ? "" : ` (line ${line})`}`;
}

/** A path's segment comes from the file too: anything unusual is shown as JSON so that it can't disturb a terminal. */
function formatSegment(segment: string | number): string {
  const text = String(segment);
  return /^[\w./-]{1,120}$/.test(text) ? text : formatValue(text);
}

function formatValue(value: unknown): string {
  // JSON leaves C1 controls, bidirectional and invisible marks as they are, and a terminal would act on them.
  const json = (typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value))).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return json.length <= MAX_SHOWN_VALUE_LENGTH ? json : `${json.slice(0, MAX_SHOWN_VALUE_LENGTH)}…`;
}
