import { TerraformStack } from "cdktf";

/** A stack of a site: one Terraform state. It never refers to another stack's resources. */
export abstract class SiteStack extends TerraformStack {
  /**
   * cdktf resolves the whole stack once more beforehand, to find references to other stacks and to add a local backend where
   * there is none. A site's stack has neither of the two: a third of the synthesis is saved.
   */
  override prepareStack(): void {}
}
