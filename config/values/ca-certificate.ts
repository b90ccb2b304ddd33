import { X509Certificate } from "node:crypto";
import { ValueError } from "./value-error";

/** Certificates in PEM, one after the other. */
export type CaCertificate = string & { readonly __type: "CaCertificate" };

/**
 * What a function's environment has room for beside its other variables: Lambda and OCI Functions both take 4 KB in all.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * @see https://docs.oracle.com/en-us/iaas/Content/Functions/Tasks/functionspassingconfigparams.htm
 */
const MAX_LENGTH = 3000;
const BLOCK = /-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----/g;
const FIX = "write the certificate of the authority that signed the chat server's, from -----BEGIN CERTIFICATE----- on";

/** @throws ValueError which never carries the value: a private key may have been pasted by mistake */
export function parseCaCertificate(text: string): CaCertificate {
  const plain = text.replace(/\r\n/g, "\n").trim();
  if (plain.length > MAX_LENGTH) {
    throw new ValueError(
      `must be at most ${MAX_LENGTH} characters: it lies in the function's environment`,
      "give the root alone",
    );
  }
  const blocks = plain.match(BLOCK) ?? [];
  if (blocks.length === 0 || plain.replace(BLOCK, "").trim() !== "") {
    throw new ValueError("must be certificates in PEM and nothing else", FIX);
  }
  if (!blocks.every(isAuthority)) throw new ValueError("must be certificates of authorities (CA: true)", FIX);
  return blocks.join("\n") as CaCertificate;
}

function isAuthority(block: string): boolean {
  try {
    return new X509Certificate(block).ca;
  } catch {
    return false;
  }
}
