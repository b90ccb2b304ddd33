import { NoRetryConfigurationDetails, ResourcePrincipalAuthenticationDetailsProvider } from "oci-common";
import { SecretsClient } from "oci-secrets";
import { GetSecretBundleRequest } from "oci-secrets/lib/request";
import { UnavailableError } from "./errors";
import type { SecretStore } from "./secret-store";

const STAGES = {
  current: GetSecretBundleRequest.Stage.Current,
  previous: GetSecretBundleRequest.Stage.Previous,
} as const;

/** A function has 30 seconds in all. The SDK alone would try eight times, and longer than that. */
const LIMIT_MS = 5_000;

/** OCI Vault, as the function itself (resource principal): no key lies in its configuration. */
export function ociSecretStore(): SecretStore {
  const authenticationDetailsProvider = ResourcePrincipalAuthenticationDetailsProvider.builder();
  const client = new SecretsClient(
    { authenticationDetailsProvider },
    { retryConfiguration: NoRetryConfigurationDetails },
  );
  return {
    read: async (secretId, version) => {
      try {
        const { secretBundle } = await withinLimit(client.getSecretBundle({ secretId, stage: STAGES[version] }));
        const content = secretBundle.secretBundleContent as { content?: string } | undefined;
        return content?.content && Buffer.from(content.content, "base64").toString("utf8");
      } catch (error) {
        if (version === "previous" && (error as { statusCode?: number }).statusCode === 404) return undefined;
        if (error instanceof UnavailableError) throw error;
        // The SDK throws plain objects, which a log shows as [object Object].
        const { statusCode, message } = error as { statusCode?: number; message?: string };
        throw new UnavailableError(`vault: ${statusCode ?? message ?? "no answer"}`);
      }
    },
  };
}

/** @throws {UnavailableError} where the answer takes too long */
async function withinLimit<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new UnavailableError(`vault: no answer in ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
