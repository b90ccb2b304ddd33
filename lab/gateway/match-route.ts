import type { Route } from "./api-model";

export interface Match {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/**
 * The method that a path leads to. A fixed part comes before `{name}`, and that before `{name+}`.
 * @param path without the stage, still percent-encoded
 */
export function matchRoute(routes: readonly Route[], httpMethod: string, path: string): Match | undefined {
  const parts = split(path);
  const found = routes
    .map((route) => ({ route, pathParameters: match(split(route.path), parts) }))
    .filter((one): one is { route: Route; pathParameters: Record<string, string> } => one.pathParameters !== undefined)
    .filter(({ route }) => route.httpMethod === httpMethod || route.httpMethod === "ANY")
    .sort((a, b) => rank(a.route).localeCompare(rank(b.route)));
  const [best] = found;
  if (!best) return undefined;
  return { ...best, pathParameters: Object.keys(best.pathParameters).length > 0 ? best.pathParameters : null };
}

function split(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const greedy = /^\{(.+)\+\}$/.exec(part)?.[1];
    if (greedy !== undefined) {
      if (parts.length <= at) return undefined;
      return { ...found, [greedy]: parts.slice(at).map(decode).join("/") };
    }
    const actual = parts[at];
    if (actual === undefined) return undefined;
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name !== undefined) found[name] = decode(actual);
    else if (part !== decode(actual)) return undefined;
  }
  return pattern.length === parts.length ? found : undefined;
}

/** One letter a part: the smallest is the closest match. */
function rank({ path, httpMethod }: Route): string {
  const parts = split(path).map((part) => (part.endsWith("+}") ? "c" : part.startsWith("{") ? "b" : "a"));
  return `${parts.join("")}${httpMethod === "ANY" ? "b" : "a"}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
