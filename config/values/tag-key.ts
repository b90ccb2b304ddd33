import { ValueError } from "./value-error";

export const TAG_KEY_PATTERN = /^[A-Za-z][A-Za-z0-9_.:-]{0,99}$/;

/** Prefixes that AWS and Azure keep for themselves, and the tags that every resource gets anyway. */
const RESERVED = /^(aws:|azure|microsoft|windows)|^(name|site|managed-by)$/i;

/**
 * A tag's key that AWS, OCI and Azure all take.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 * @see https://docs.oracle.com/en-us/iaas/Content/Tagging/Concepts/taggingoverview.htm
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
 * @throws ValueError
 */
export function parseTagKey(text: string): string {
  if (!TAG_KEY_PATTERN.test(text)) {
    throw new ValueError(
      "must be up to 100 letters, digits and _ . : - with a letter first",
      "use for example cost-center",
    );
  }
  if (RESERVED.test(text)) {
    throw new ValueError("must not be a tag that a cloud or Kakehashi keeps for itself", "use for example cost-center");
  }
  return text;
}
