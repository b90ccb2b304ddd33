import * as z from "zod";
import { parseAsn } from "../values/asn";
import { parseCidr } from "../values/cidr";
import { parseIpAddress } from "../values/ip-address";
import { KEY_PATTERN, MAX_KEY_LENGTH, parseKey } from "../values/key";
import { parsePlainText } from "../values/plain-text";
import { parseSecretRef, SECRET_REF_PATTERN } from "../values/secret-ref";
import { ValueError } from "../values/value-error";

interface FieldMeta {
  readonly description: string;
  readonly examples?: readonly (string | number)[];
  readonly pattern?: string;
}

/** A zod string that a value type's parser decides on. */
export function text<T>(parse: (value: string) => T, meta: FieldMeta) {
  return z
    .string()
    .meta({ ...meta })
    .transform(toZod(parse, meta.examples?.[0]));
}

export const cidr = (description: string, example = "10.0.2.0/24") =>
  text(parseCidr, { description, examples: [example] });

export const ipAddress = (description: string, example = "198.51.100.10") =>
  text(parseIpAddress, { description, examples: [example] });

export const asn = (description: string, example = 65010) =>
  z
    .number()
    .meta({ description, examples: [example] })
    .transform(toZod(parseAsn, example));

/** A wrong type is answered as a wrong text is: whatever stands there may be the secret. */
export const secretRef = (description: string) =>
  z
    .string({ error: () => NOT_A_REFERENCE })
    .meta({ description, examples: ["env:TOKYO_AWS_PSK_1"], pattern: SECRET_REF_PATTERN.source })
    .transform(toZod(parseSecretRef));

const NOT_A_REFERENCE =
  "must be a reference to a secret, never the secret itself; use env:NAME and set TF_VAR_NAME in the environment";

export const plainText = (description: string, example?: string) =>
  text(parsePlainText, { description, ...(example === undefined ? {} : { examples: [example] }) });

export const key = z
  .string()
  .meta({ pattern: KEY_PATTERN.source, maxLength: MAX_KEY_LENGTH })
  .transform(toZod(parseKey));

/** Of a token that Kakehashi makes and keeps. */
export const tokenEpoch = z
  .number()
  .int()
  .min(1)
  .max(1_000_000)
  .default(1)
  .meta({ description: "Raise it by one to make a new token; the one before it stays good until the next time." });

/** An identifier that a vendor gave, with the form that the vendor documents. */
export function vendorId(description: string, pattern: RegExp, example: string) {
  const parse = (value: string): string => {
    if (!pattern.test(value)) throw new ValueError(`must be ${description}`, `use for example ${example}`);
    return value;
  };
  return text(parse, { description, examples: [example], pattern: pattern.source });
}

/** One of several words; a wrong one is answered with all of them. */
export function oneOf<const T extends readonly [string, ...string[]]>(words: T, description: string) {
  return z
    .enum(words, { error: () => `must be one of ${words.join(", ")}; use for example ${words[0]}` })
    .meta({ description });
}

/** The field's own example says more than the value type's. */
function toZod<I, T>(parse: (value: I) => T, example?: string | number) {
  return (value: I, context: z.RefinementCtx<I>): T => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      const isExample = example !== undefined && error.fix.startsWith(EXAMPLE);
      const fix = isExample ? `${EXAMPLE}${example}` : error.fix;
      context.addIssue({ code: "custom", message: `${error.rule}; ${fix}`, input: value });
      return z.NEVER;
    }
  };
}

const EXAMPLE = "use for example ";
