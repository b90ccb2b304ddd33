import { ValueError } from "./value-error";

/**
 * Characters that would mean something to a shell, to Terraform's template language or to a configuration file that a
 * value may end in. They are refused here so that nothing downstream has to escape.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const HOSTILE =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069"'`\\<>|;&]|\$[({]|%\{|\.\.\//;

/** @throws ValueError */
export function parsePlainText(text: string): string {
  if (HOSTILE.test(text)) {
    throw new ValueError(
      "must not hold quotes, control characters, backslashes, any of <>|;& or the sequences ${ $( %{ ../",
      "use plain words",
    );
  }
  return text;
}
