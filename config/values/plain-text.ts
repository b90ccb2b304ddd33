import { ValueError } from "./value-error";

const MAX_TEXT_LENGTH = 256;

/**
 * Characters that would mean something to a shell, to Terraform's template language or to a configuration file that a
 * value may end in; and those that are not seen, or turn the writing's direction. They are refused here so that nothing
 * downstream has to escape.
 */
const HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}"'`\\<>|;&$]|%\{|\.\.\//u;

/**
 * Text in any language, Japanese too. It may stand in comments, pictures and tags, and in no name or description that a
 * cloud restricts to ASCII (an AWS security group's, for example).
 * @throws ValueError
 */
export function parsePlainText(text: string): string {
  if (text.length > MAX_TEXT_LENGTH)
    throw new ValueError(`must be at most ${MAX_TEXT_LENGTH} characters`, "shorten it");
  if (HOSTILE.test(text)) {
    throw new ValueError(
      "must not hold quotes, backslashes, control or invisible characters, any of <>|;&$ or the sequences %{ ../",
      "use plain words on one line",
    );
  }
  return text;
}
