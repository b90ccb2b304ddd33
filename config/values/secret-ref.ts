import { ValueError } from "./value-error";

/** Where a secret comes from. `env:NAME` is a sensitive Terraform variable `NAME`, filled by `TF_VAR_NAME`. */
export type SecretRef = string & { readonly __type: "SecretRef" };

export const SECRET_REF_PATTERN = /^env:[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** @see https://developer.hashicorp.com/terraform/language/values/variables#declaring-an-input-variable */
const TERRAFORM_KEYWORDS = ["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"];

/** @throws ValueError which never carries the value: it may be the secret itself */
export function parseSecretRef(text: string): SecretRef {
  if (!SECRET_REF_PATTERN.test(text)) {
    throw new ValueError(
      "must be a reference to a secret, never the secret itself",
      "use env:NAME and set TF_VAR_NAME in the environment",
    );
  }
  if (TERRAFORM_KEYWORDS.includes(toVariableName(text as SecretRef))) {
    throw new ValueError("must not be a name that Terraform keeps for itself", "use for example env:TOKYO_AWS_PSK_1");
  }
  return text as SecretRef;
}

/** The Terraform variable that a reference names. */
export function toVariableName(ref: SecretRef): string {
  return ref.slice("env:".length);
}
