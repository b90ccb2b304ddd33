import { TerraformStack } from "cdktf";

/** A stack of one network: one Terraform state. It never refers to another stack's resources. */
export abstract class NetworkStack extends TerraformStack {
  /**
   * cdktf resolves the whole stack once more beforehand, to find references to other stacks and to add a local backend where
   * there is none. A network's stack has neither of the two: a third of the synthesis is saved.
   */
  override prepareStack(): void {}
}
