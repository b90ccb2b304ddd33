import { parseCidr } from "../config/values/cidr";
import { parseIpAddress } from "../config/values/ip-address";
import { ValueError } from "../config/values/value-error";

/** What a key's value must look like. */
export type KeyForm =
  | { readonly kind: "text"; readonly what: string; readonly pattern: RegExp; readonly example: string }
  | { readonly kind: "prefix" }
  | { readonly kind: "address"; readonly example: string }
  | { readonly kind: "whole-number"; readonly most: number; readonly example: number }
  | { readonly kind: "boolean" }
  /** A list of texts, or where `orText` one text. */
  | { readonly kind: "list"; readonly orText: boolean; readonly example: string };

/** A rule that a value breaks, and what to write instead. */
export interface BrokenForm {
  readonly rule: string;
  readonly fix: string;
}

export function brokenForm(form: KeyForm, value: unknown): BrokenForm | undefined {
  if (value === null || value === undefined)
    return { rule: "must have a value", fix: `write for example ${exampleOf(form)}` };
  switch (form.kind) {
    case "text":
      return brokenText(form, value);
    case "prefix":
      return brokenBy(parseCidr, value, "192.168.3.0/24");
    case "address":
      return brokenBy(parseIpAddress, value, form.example);
    case "whole-number": {
      const isFine = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= form.most;
      return isFine
        ? undefined
        : { rule: `must be a whole number from 0 to ${form.most}`, fix: `write for example ${form.example}` };
    }
    case "boolean":
      return typeof value === "boolean"
        ? undefined
        : { rule: "must be true or false", fix: "write true or false, without quotes" };
    case "list":
      return brokenList(form, value);
  }
}

function brokenText(
  { what, pattern, example }: Extract<KeyForm, { kind: "text" }>,
  value: unknown,
): BrokenForm | undefined {
  // YAML has by then dropped leading zeros, or rounded: only the user knows what stood there.
  if (typeof value === "number")
    return {
      rule: `must be ${what} as text, and YAML reads a number`,
      fix: `put it in quotes, for example '${example}'`,
    };
  if (typeof value === "string" && pattern.test(value)) return undefined;
  return { rule: `must be ${what}`, fix: `write for example ${quoted(example)}` };
}

function brokenBy(parse: (text: string) => unknown, value: unknown, example: string): BrokenForm | undefined {
  try {
    parse(typeof value === "string" ? value : "");
    return undefined;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return {
      rule: error.rule,
      fix: error.fix.startsWith("use for example") ? `use for example ${example}` : error.fix,
    };
  }
}

function brokenList({ orText, example }: Extract<KeyForm, { kind: "list" }>, value: unknown): BrokenForm | undefined {
  const isText = (entry: unknown) => typeof entry === "string" && entry !== "";
  const isFine = (Array.isArray(value) && value.length > 0 && value.every(isText)) || (orText && isText(value));
  return isFine ? undefined : { rule: "must be a list of texts", fix: `write for example [${example}]` };
}

function exampleOf(form: KeyForm): string {
  if (form.kind === "text") return quoted(form.example);
  if (form.kind === "prefix") return "192.168.3.0/24";
  if (form.kind === "boolean") return "false";
  return form.kind === "list" ? `[${form.example}]` : String(form.example);
}

function quoted(example: string): string {
  return /^\d+$/.test(example) ? `'${example}'` : example;
}
