import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";

export interface AwsEncryptionKeyProps {
  readonly name: string;
  readonly description: string;
  /** A key that exists. @default - one is made, rotated every year, and kept 30 days after it is removed */
  readonly existingKeyArn?: string;
}

/** A customer managed key. Who may use it, the account's IAM policies say. */
export class AwsEncryptionKey extends Construct {
  readonly keyArn: string;

  constructor(scope: Construct, id: string, { name, description, existingKeyArn }: AwsEncryptionKeyProps) {
    super(scope, id);
    this.keyArn = existingKeyArn ?? this.make(name, description);
  }

  private make(name: string, description: string): string {
    const made = new KmsKey(this, "key", { description, enableKeyRotation: true, deletionWindowInDays: 30 });
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: made.keyId });
    return made.arn;
  }
}
