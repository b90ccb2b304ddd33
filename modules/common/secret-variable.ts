import { TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";

/** The sensitive Terraform variable that the environment's `TF_VAR_<name>` fills; what is named twice belongs to the stack once. */
export function secretVariable(scope: Construct, name: string, description: string): string {
  const stack = TerraformStack.of(scope);
  const known = stack.node.tryFindChild(name);
  if (known instanceof TerraformVariable) return known.stringValue;
  return new TerraformVariable(stack, name, { type: "string", sensitive: true, nullable: false, description })
    .stringValue;
}
