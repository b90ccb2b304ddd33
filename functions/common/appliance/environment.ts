import { type Environment, required } from "../environment";
import { type ApplianceSettings, applianceSettings } from "./settings";

/** What the stack decides and an appliance's functions read. */
export interface ApplianceEnvironment {
  readonly settings: ApplianceSettings;
  /** Where a switch is told; none: nowhere. */
  readonly topicArn?: string;
  /** Id of the Route 53 health check of the floating address. */
  readonly healthCheckId?: string;
}

/** Names of the variables. */
const NAMES = { settings: "APPLIANCE", topicArn: "TOPIC_ARN", healthCheckId: "HEALTH_CHECK_ID" } as const;

export function renderApplianceEnvironment({ settings, topicArn, healthCheckId }: ApplianceEnvironment) {
  return {
    [NAMES.settings]: JSON.stringify(settings),
    ...(topicArn !== undefined && { [NAMES.topicArn]: topicArn }),
    ...(healthCheckId !== undefined && { [NAMES.healthCheckId]: healthCheckId }),
  };
}

/** @throws EnvironmentError, SyntaxError or ZodError where the stack did not write it */
export function readApplianceEnvironment(environment: Environment): ApplianceEnvironment {
  return {
    settings: applianceSettings.parse(JSON.parse(required(environment, NAMES.settings))),
    topicArn: environment[NAMES.topicArn],
    healthCheckId: environment[NAMES.healthCheckId],
  };
}
