import { NoRetryConfigurationDetails, ResourcePrincipalAuthenticationDetailsProvider } from "oci-common";
import { SecretsClient } from "oci-secrets";
import { GetSecretBundleRequest } from "oci-secrets/lib/request";
import { askOracle } from "./ask-oracle";
import type { SecretStore } from "./secret-store";

const STAGES = {
  current: GetSecretBundleRequest.Stage.Current,
  previous: GetSecretBundleRequest.Stage.Previous,
} as const;

/** OCI Vault, as the function itself (resource principal): no key lies in its configuration. */
export function ociSecretStore(): SecretStore {
  const authenticationDetailsProvider = ResourcePrincipalAuthenticationDetailsProvider.builder();
  const client = new SecretsClient(
    { authenticationDetailsProvider },
    { retryConfiguration: NoRetryConfigurationDetails },
  );
  return {
    read: async (secretId, version) => {
      const answer = await askOracle(
        "vault",
        client.getSecretBundle({ secretId, stage: STAGES[version] }).catch((error) => {
          // Until the first rotation there is no previous version.
          if (version === "previous" && error.statusCode === 404) return undefined;
          throw error;
        }),
      );
      const content = answer?.secretBundle.secretBundleContent as { content?: string } | undefined;
      return content?.content && Buffer.from(content.content, "base64").toString("utf8");
    },
  };
}
