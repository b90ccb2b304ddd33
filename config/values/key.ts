import { ValueError } from "./value-error";

/** The name that a user gave to a controller, network, subnet or connection. It becomes part of ids and file names. */
export type Key = string & { readonly __type: "Key" };

export const KEY_PATTERN = /^[a-z][a-z0-9-]*$/;
export const MAX_KEY_LENGTH = 40;

/** @throws ValueError */
export function parseKey(text: string): Key {
  if (text.length > MAX_KEY_LENGTH)
    throw new ValueError(`must be at most ${MAX_KEY_LENGTH} characters`, "use a shorter name");
  if (!KEY_PATTERN.test(text)) {
    throw new ValueError("must be lower-case letters, digits and hyphens, a letter first", "use for example tokyo-aws");
  }
  if (text.endsWith("-"))
    throw new ValueError("must not end in a hyphen", `use for example ${text.replace(/-+$/, "")}`);
  return text as Key;
}

export function isKey(text: string): text is Key {
  return text.length <= MAX_KEY_LENGTH && KEY_PATTERN.test(text) && !text.endsWith("-");
}
