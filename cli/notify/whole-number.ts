import { ConfigError } from "../../config/problems";

/** @throws ConfigError */
export function parseWhole(option: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const rule = `must be a whole number from ${min} to ${max}`;
  throw new ConfigError("notify", [{ path: [option], rule, got: text, fix: `use for example ${option} 100` }]);
}
