import { type Eyes, observe } from "../common/appliance/observe";
import type { ApplianceSettings } from "../common/appliance/settings";
import { type ApiCall, callsOf } from "./api-calls";
import { decide, type SwitchRequest } from "./decide";
import { plan, type Step } from "./plan";

export type Preview =
  | { readonly kind: "refused"; readonly why: string }
  | {
      readonly kind: "run";
      readonly isResumed: boolean;
      /** In the order in which they are done. */
      readonly steps: readonly { readonly step: Step["kind"]; readonly calls: readonly ApiCall[] }[];
    };

/**
 * What a switch would do now, and by which calls; nothing is changed, not even the lease.
 * @throws ApplianceError; what AWS answers
 */
export async function previewSwitch(eyes: Eyes, settings: ApplianceSettings, request: SwitchRequest): Promise<Preview> {
  const world = await observe(eyes, settings);
  const decision = decide(world, settings, request, eyes.table.now());
  if (decision.kind === "refused") return decision;
  const steps = plan(world, settings, decision.run).flat();
  return {
    kind: "run",
    isResumed: decision.isResumed,
    steps: steps.map((step) => ({ step: step.kind, calls: callsOf(step) })),
  };
}
