/** Looks into JSON that others wrote: names differ in case from version to version, and any of them may be missing. */
export function field(value: unknown, ...names: readonly string[]): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const wanted = names.map((name) => name.toLowerCase());
  const found = Object.entries(value).find(([name, held]) => wanted.includes(name.toLowerCase()) && held != null);
  return found?.[1];
}

export function textField(value: unknown, ...names: readonly string[]): string | undefined {
  const found = field(value, ...names);
  return typeof found === "string" && found.trim() !== "" ? found : undefined;
}

export function listField(value: unknown, ...names: readonly string[]): readonly unknown[] {
  const found = field(value, ...names);
  return Array.isArray(found) ? found : [];
}

/** @returns undefined where it is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** ISO 8601 from a date's text (`+0000` without a colon too) or milliseconds since the epoch. */
export function readTime(value: unknown): string | undefined {
  const milliseconds =
    typeof value === "number"
      ? value
      : typeof value === "string"
        ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"))
        : NaN;
  // What Date can hold: beyond it toISOString throws.
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : undefined;
}

/** At most so many UTF-16 units, never half a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(most - 2)) ? most - 2 : most - 1;
  return `${text.slice(0, end)}…`;
}
