import type { App, TerraformStack } from "cdktf";
import { activationStackName } from "../config/activation";
import type { Site } from "../config/site";
import { apiLogsStackName } from "../config/stack-names";
import { ActivationsStack } from "./activations-stack";
import type { CommonProps } from "./add-road-stacks";

/**
 * A stack each, after the one that lets API Gateway write logs in its region.
 *
 * @param functionsDirectory where the bundles lie
 */
export function addActivationStacks(app: App, site: Site, common: CommonProps, functionsDirectory: string): void {
  for (const activation of site.activations) {
    const stack = new ActivationsStack(app, activationStackName(activation), {
      ...common,
      activation,
      functionsDirectory,
    });
    const logs = app.node.tryFindChild(apiLogsStackName(activation.region));
    if (logs) stack.addDependency(logs as TerraformStack);
  }
}
