import { ConfigError } from "../../config/problems";

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A moment: so long ago (`30m`, `2h`, `7d`) or a time in ISO 8601.
 * @returns milliseconds since the epoch
 * @throws ConfigError
 */
export function parseMoment(option: string, text: string, nowMs: number): number {
  const [, amount, unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined) return nowMs - Number(amount) * (UNITS[unit] ?? 0);
  const ms = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new ConfigError("notify", [
    {
      path: [option],
      rule: "must be minutes, hours or days ago, or a time in ISO 8601 with its offset",
      got: text,
      fix: "use for example 2h, or 2026-11-21T09:00:00+09:00",
    },
  ]);
}
