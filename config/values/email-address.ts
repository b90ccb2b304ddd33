import { ValueError } from "./value-error";

/** One address that a cloud may write to: the plain form, without a name, quotes or comments. */
export type EmailAddress = string & { readonly __type: "EmailAddress" };

/** @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1 (254 with the brackets of a path) */
const MAX_LENGTH = 254;

export const EMAIL_PATTERN = /^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/** @throws ValueError */
export function parseEmailAddress(text: string): EmailAddress {
  if (text.length > MAX_LENGTH || !EMAIL_PATTERN.test(text)) {
    throw new ValueError("must be an e-mail address", "use for example noc@example.ac.jp");
  }
  return text as EmailAddress;
}
