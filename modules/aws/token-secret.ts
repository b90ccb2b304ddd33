import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { Password } from "@cdktf/provider-random/lib/password";
import { Fn } from "cdktf";
import { Construct } from "constructs";

export interface AwsTokenSecretProps {
  readonly name: string;
  /** Raise it to make a new token; the one of the epoch before stays in the secret as `previous`. */
  readonly epoch: number;
}

/** 286 bits. */
const TOKEN_LENGTH = 48;

/**
 * A token that Terraform makes, in Secrets Manager as JSON `{current, previous}`. Both lie in one version: Terraform takes the
 * label AWSPREVIOUS off the version that it replaces. The resource of an epoch keeps its address, so its token stays the same.
 */
export class AwsTokenSecret extends Construct {
  readonly secretArn: string;
  /** A token: its value is known to Terraform alone. */
  readonly current: string;

  constructor(scope: Construct, id: string, { name, epoch }: AwsTokenSecretProps) {
    super(scope, id);
    const secret = new SecretsmanagerSecret(this, "secret", { name, recoveryWindowInDays: 7 });
    const token = (of: number) =>
      new Password(this, `token-${of}`, { length: TOKEN_LENGTH, special: false, keepers: { epoch: String(of) } })
        .result;
    this.current = token(epoch);
    const tokens = epoch > 1 ? { current: this.current, previous: token(epoch - 1) } : { current: this.current };
    new SecretsmanagerSecretVersion(this, "version", { secretId: secret.id, secretString: Fn.jsonencode(tokens) });
    this.secretArn = secret.arn;
  }
}
