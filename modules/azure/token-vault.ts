import { DataAzurermClientConfig } from "@cdktf/provider-azurerm/lib/data-azurerm-client-config";
import { KeyVault } from "@cdktf/provider-azurerm/lib/key-vault";
import { KeyVaultAccessPolicyA } from "@cdktf/provider-azurerm/lib/key-vault-access-policy";
import { KeyVaultSecret } from "@cdktf/provider-azurerm/lib/key-vault-secret";
import { StringResource } from "@cdktf/provider-random/lib/string-resource";
import { Construct } from "constructs";

export interface AzureTokenVaultProps {
  readonly location: string;
  readonly resourceGroupName: string;
}

/** A vault's name is one for the whole of Azure, 24 characters at most: it says whose it is by its tags. */
const NAME_PREFIX = "kk-";
const NAME_LENGTH = 24;

/**
 * A vault for tokens and nothing else. By access policies, not by roles: those take effect at once, roles after minutes, in which
 * Terraform could not write the secret.
 * @see https://learn.microsoft.com/azure/key-vault/general/assign-access-policy
 */
export class AzureTokenVault extends Construct {
  private readonly vault: KeyVault;
  private readonly deployer: KeyVaultAccessPolicyA;

  constructor(scope: Construct, id: string, { location, resourceGroupName }: AzureTokenVaultProps) {
    super(scope, id);
    const client = new DataAzurermClientConfig(this, "client");
    const suffix = new StringResource(this, "suffix", {
      length: NAME_LENGTH - NAME_PREFIX.length,
      special: false,
      upper: false,
    });
    this.vault = new KeyVault(this, "vault", {
      name: `${NAME_PREFIX}${suffix.result}`,
      location,
      resourceGroupName,
      tenantId: client.tenantId,
      skuName: "standard",
      softDeleteRetentionDays: 7,
      rbacAuthorizationEnabled: false,
    });
    this.deployer = new KeyVaultAccessPolicyA(this, "deployer", {
      keyVaultId: this.vault.id,
      tenantId: client.tenantId,
      objectId: client.objectId,
      secretPermissions: ["Get", "Set", "Delete", "Purge", "Recover"],
    });
  }

  /**
   * @param value a token: the value itself is known to Terraform's state and to the vault alone
   * @returns the secret's URL, without a version: whoever reads it gets the current one
   */
  addSecret(name: string, value: string): string {
    return new KeyVaultSecret(this, name, {
      keyVaultId: this.vault.id,
      name,
      value,
      contentType: "text/plain",
      dependsOn: [this.deployer],
    }).versionlessId;
  }

  /** Lets an identity read secrets, and do nothing else. @returns what must come before its first reading */
  letRead(key: string, identity: { readonly principalId: string; readonly tenantId: string }): KeyVaultAccessPolicyA {
    return new KeyVaultAccessPolicyA(this, `reader-${key}`, {
      keyVaultId: this.vault.id,
      tenantId: identity.tenantId,
      objectId: identity.principalId,
      secretPermissions: ["Get"],
    });
  }
}
