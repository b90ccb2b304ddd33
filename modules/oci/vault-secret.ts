import { KmsKey } from "@cdktf/provider-oci/kms-key";
import { KmsVault } from "@cdktf/provider-oci/kms-vault";
import { VaultSecret } from "@cdktf/provider-oci/vault-secret";
import { Fn } from "cdktf";
import { Construct } from "constructs";

export interface OciVaultProps {
  readonly compartmentId: string;
  readonly name: string;
}

/** A vault with a software key: neither is billed. @see https://www.oracle.com/security/cloud-security/key-management/pricing/ */
export class OciVault extends Construct {
  private readonly vaultId: string;
  private readonly keyId: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OciVaultProps,
  ) {
    super(scope, id);
    const { compartmentId, name } = props;
    const vault = new KmsVault(this, "vault", { compartmentId, displayName: name, vaultType: "DEFAULT" });
    this.vaultId = vault.id;
    this.keyId = new KmsKey(this, "key", {
      compartmentId,
      displayName: name,
      keyShape: { algorithm: "AES", length: 32 },
      managementEndpoint: vault.managementEndpoint,
      protectionMode: "SOFTWARE",
    }).id;
  }

  /**
   * A secret of this vault: a new value becomes its CURRENT version, the one before its PREVIOUS.
   * @param value a token: the value itself is known to Terraform's state and to the vault alone
   * @returns its OCID
   */
  addSecret(name: string, description: string, value: string): string {
    const { compartmentId } = this.props;
    return new VaultSecret(this, name, {
      compartmentId,
      vaultId: this.vaultId,
      keyId: this.keyId,
      secretName: `${this.props.name}-${name}`,
      description,
      secretContent: { contentType: "BASE64", content: Fn.base64encode(value) },
    }).id;
  }
}
