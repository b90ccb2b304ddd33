const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Seconds of a duration such as `8h`, `3600`, `500ms`; undefined where it is none. A bare number means seconds. */
export function toSeconds(text: string | undefined): number | undefined {
  const [, digits, unit = "s"] = /^(\d{1,9})(ms|[smhdw])?$/i.exec(text ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
}
