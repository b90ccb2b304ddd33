import { ResourcePrincipalAuthenticationDetailsProvider } from "oci-common";
import { SecretsClient } from "oci-secrets";
import { GetSecretBundleRequest } from "oci-secrets/lib/request";
import type { SecretStore } from "./secret-store";

const STAGES = {
  current: GetSecretBundleRequest.Stage.Current,
  previous: GetSecretBundleRequest.Stage.Previous,
} as const;

/** OCI Vault, as the function itself (resource principal): no key lies in its configuration. */
export function ociSecretStore(): SecretStore {
  const authenticationDetailsProvider = ResourcePrincipalAuthenticationDetailsProvider.builder();
  const client = new SecretsClient({ authenticationDetailsProvider });
  return {
    read: async (secretId, version) => {
      try {
        const { secretBundle } = await client.getSecretBundle({ secretId, stage: STAGES[version] });
        const content = secretBundle.secretBundleContent as { content?: string } | undefined;
        return content?.content && Buffer.from(content.content, "base64").toString("utf8");
      } catch (error) {
        if (version === "previous" && (error as { statusCode?: number }).statusCode === 404) return undefined;
        throw error;
      }
    },
  };
}
