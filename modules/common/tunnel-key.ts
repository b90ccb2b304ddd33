import { Password } from "@cdktf/provider-random/lib/password";
import { TerraformStack, TerraformVariable } from "cdktf";
import { Construct } from "constructs";

export interface TunnelKeyProps {
  /** Raise it to make a new key: one tunnel at a time, so that the other carries the traffic meanwhile. */
  readonly epoch: number;
  /**
   * Name of the sensitive Terraform variable that holds a key of the user's own (`TF_VAR_<name>`).
   * @default - Terraform makes the key
   */
  readonly variableName?: string;
}

const KEY_LENGTH = 48;

/**
 * What AWS, OCI, Azure and Libreswan all take. AWS: 8 to 64 characters, no leading 0; OCI: letters, digits and spaces.
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Tasks/vpn_to_aws.htm
 */
const KEY_CONDITION = "^[1-9A-Za-z][0-9A-Za-z]{7,63}$";

/** The pre-shared key of one tunnel. Its value exists in the state only, never in what is synthesised. */
export class TunnelKey extends Construct {
  /** A token: the key itself is known to Terraform alone. */
  readonly value: string;

  constructor(scope: Construct, id: string, props: TunnelKeyProps) {
    super(scope, id);
    this.value = props.variableName === undefined ? this.makeKey(props.epoch) : ownKey(this, props.variableName);
  }

  /** 48 letters hold 273 bits, and none of them is the digit 0 that AWS refuses at the beginning. */
  private makeKey(epoch: number): string {
    const password = new Password(this, "key", {
      length: KEY_LENGTH,
      special: false,
      numeric: false,
      keepers: { epoch: String(epoch) },
    });
    return password.result;
  }
}

/** Two tunnels may share a variable, so it belongs to the stack. */
function ownKey(scope: Construct, name: string): string {
  const stack = TerraformStack.of(scope);
  const known = stack.node.tryFindChild(name);
  if (known instanceof TerraformVariable) return known.stringValue;
  const variable = new TerraformVariable(stack, name, {
    type: "string",
    sensitive: true,
    nullable: false,
    description: "Pre-shared key of a VPN tunnel",
  });
  variable.addValidation({
    condition: `\${can(regex("${KEY_CONDITION}", var.${name}))}`,
    errorMessage: `Set TF_VAR_${name} to 8 to 64 letters and digits that do not begin with 0.`,
  });
  return variable.stringValue;
}
