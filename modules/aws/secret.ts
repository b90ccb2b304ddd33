import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { Construct } from "constructs";

export interface AwsSecretProps {
  readonly name: string;
  readonly description: string;
  /** A token: the value itself is known to Terraform's state and to Secrets Manager alone. */
  readonly value: string;
}

/**
 * A secret. A new value makes a new version; the one before stays readable as AWSPREVIOUS, because Terraform removes the old
 * version first and Secrets Manager keeps what is current: so no `create_before_destroy` here.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/getting-started.html#term_version
 */
export class AwsSecret extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AwsSecretProps) {
    super(scope, id);
    const secret = new SecretsmanagerSecret(this, "secret", {
      name: props.name,
      description: props.description,
      recoveryWindowInDays: 7,
    });
    new SecretsmanagerSecretVersion(this, "version", { secretId: secret.id, secretString: props.value });
    this.arn = secret.arn;
  }
}
