import { ValueError } from "./value-error";

/** The name that a user gave to a controller, network, subnet or connection. It becomes part of ids and file names. */
export type Key = string & { readonly __type: "Key" };

export const KEY_PATTERN = /^[a-z][a-z0-9-]*$/;
const MAX_KEY_LENGTH = 40;

/** @throws ValueError */
export function parseKey(text: string): Key {
  if (!KEY_PATTERN.test(text)) {
    throw new ValueError("must be lower-case letters, digits and hyphens, a letter first", "use for example tokyo-aws");
  }
  if (text.endsWith("-"))
    throw new ValueError("must not end in a hyphen", `use for example ${text.replace(/-+$/, "")}`);
  if (text.length > MAX_KEY_LENGTH) {
    throw new ValueError(`must be at most ${MAX_KEY_LENGTH} characters`, "use a shorter name");
  }
  return text as Key;
}
