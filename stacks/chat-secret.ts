import { Fn, type TerraformStack } from "cdktf";
import type { Chat } from "../config/alarm";
import { type SecretRef, toVariableName } from "../config/values/secret-ref";
import { secretVariable } from "../modules/common/secret-variable";

/** What the notifier reads from the secret store: JSON of which Terraform alone knows the values. */
export function chatSecretValue(stack: TerraformStack, { key, url, token, channel }: Chat): string {
  const variable = (ref: SecretRef, what: string) =>
    secretVariable(stack, toVariableName(ref), `${what} of the chat ${key}`);
  return Fn.jsonencode({
    url: variable(url, "URL"),
    ...(token && { token: variable(token, "Token") }),
    ...(channel && { channel }),
  });
}
