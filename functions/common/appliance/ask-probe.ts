import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { type ProbeAnswer, type ProbeRequest, probeAnswer } from "./probe-contract";
import type { ApplianceSettings } from "./settings";

/** Answers that say that there is no probe, or that it is not ours to ask. */
const NO_PROBE: ReadonlySet<string> = new Set(["ResourceNotFoundException", "AccessDeniedException"]);

/**
 * Has the probe in the VPC ask the service.
 * @returns undefined where there is no probe, or it failed itself: that says nothing about the service
 */
export async function askProbe(
  lambda: LambdaClient,
  settings: ApplianceSettings,
  request: Pick<ProbeRequest, "host" | "forSeconds" | "failures">,
): Promise<ProbeAnswer | undefined> {
  if (!settings.probe.isDeployed) return undefined;
  const payload: ProbeRequest = {
    ...request,
    service: settings.service,
    intervalSeconds: settings.probe.intervalSeconds,
  };
  try {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: `${settings.name}-probe`, Payload: JSON.stringify(payload) }),
    );
    if (FunctionError !== undefined || !Payload) return undefined;
    return probeAnswer.parse(JSON.parse(Buffer.from(Payload).toString("utf8")));
  } catch (error) {
    if (error instanceof Error && NO_PROBE.has(error.name)) return undefined;
    throw error;
  }
}

/** Whether the service answers, asked once. */
export async function doesServiceAnswer(
  lambda: LambdaClient,
  settings: ApplianceSettings,
  host: string,
): Promise<boolean | undefined> {
  return (await askProbe(lambda, settings, { host, forSeconds: 0, failures: 1 }))?.isUp;
}
