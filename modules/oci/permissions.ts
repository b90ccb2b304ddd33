import { IdentityDynamicGroup } from "@cdktf/provider-oci/identity-dynamic-group";
import { IdentityPolicy } from "@cdktf/provider-oci/identity-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";

export interface OciPermissionsProps {
  readonly name: string;
  readonly tenancyId: string;
  /** Identity lives in the tenancy's home region alone. */
  readonly homeProvider: TerraformProvider;
}

/**
 * Dynamic groups and policies. Each policy is one statement with a description that says what it is for.
 * @see https://docs.oracle.com/en-us/iaas/Content/Identity/Concepts/policysyntax.htm
 */
export class OciPermissions extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: OciPermissionsProps,
  ) {
    super(scope, id);
  }

  /** A group of one function. @returns its name, for statements */
  addFunctionGroup(key: string, functionId: string): string {
    const { name, tenancyId, homeProvider } = this.props;
    return new IdentityDynamicGroup(this, `group-${key}`, {
      provider: homeProvider,
      compartmentId: tenancyId,
      name: `${name}-${key}`,
      description: `The function ${key}`,
      matchingRule: `ALL {resource.type = 'fnfunc', resource.id = '${functionId}'}`,
    }).name;
  }

  /** @returns what comes before anything that needs the permission to be made */
  allow(key: string, description: string, statement: string): ITerraformDependable {
    const { name, tenancyId, homeProvider } = this.props;
    return new IdentityPolicy(this, `policy-${key}`, {
      provider: homeProvider,
      compartmentId: tenancyId,
      name: `${name}-${key}`,
      description,
      statements: [`Allow ${statement}`],
    });
  }
}
