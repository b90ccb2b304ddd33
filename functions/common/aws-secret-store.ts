import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { SecretStore } from "./secret-store";

const STAGES = { current: "AWSCURRENT", previous: "AWSPREVIOUS" } as const;

/** Secrets Manager, with the function's own role. */
export function awsSecretStore(client = new SecretsManagerClient({})): SecretStore {
  return {
    read: async (id, version) => {
      try {
        const answer = await client.send(new GetSecretValueCommand({ SecretId: id, VersionStage: STAGES[version] }));
        return answer.SecretString;
      } catch (error) {
        // Until the first rotation there is no previous version.
        if (version === "previous" && error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
  };
}
