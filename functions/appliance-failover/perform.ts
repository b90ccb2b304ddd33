import { DescribeInstanceAttributeCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { ApplianceError } from "../common/appliance/errors";
import { findAddress } from "../common/appliance/observe";
import type { ApplianceSettings } from "../common/appliance/settings";
import { type ApiCall, callsOf, send } from "./api-calls";
import type { Step } from "./plan";

/**
 * Answers that say "not here, or not of this type": the next candidate may do.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const NO_CAPACITY: ReadonlySet<string> = new Set([
  "InsufficientInstanceCapacity",
  "InsufficientHostCapacity",
  "InsufficientFreeAddressesInSubnet",
  "InstanceLimitExceeded",
  "VcpuLimitExceeded",
  "Unsupported",
]);

/** Answers that say that another has done it, or undone it, meanwhile. */
const INSTANCE_IS_GONE = "InvalidInstanceID.NotFound";
const INTERFACE_IS_GONE = "InvalidNetworkInterfaceID.NotFound";

/** ReplaceRoute says by a general code, and only in its text, that the route is absent. */
function isOtherRouteCallRight(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === "InvalidRoute.NotFound" ||
    code === "RouteAlreadyExists" ||
    (code === "InvalidParameterValue" && /there is no route defined/i.test((error as Error).message))
  );
}

/**
 * Does one step by EC2's API.
 * @throws ApplianceError where no candidate has capacity, or the address was moved meanwhile; else what EC2 answers
 */
export async function perform(ec2: EC2Client, settings: ApplianceSettings, step: Step): Promise<void> {
  const calls = callsOf(step);
  switch (step.kind) {
    case "launch":
      return launch(ec2, calls, step.spec.userDataOf);
    case "start":
      return start(ec2, calls);
    case "route":
      return unless(
        isOtherRouteCallRight,
        () => send(ec2, calls[0] as ApiCall),
        () => send(ec2, calls[1] as ApiCall),
      );
    case "associate":
      return associate(ec2, settings, step, calls[0] as ApiCall);
    case "isolate":
    case "stop":
    case "untag":
      // What is gone serves nobody any more.
      return unless(isGone, () => send(ec2, calls[0] as ApiCall));
    default:
      for (const call of calls) await send(ec2, call);
  }
}

async function launch(ec2: EC2Client, calls: readonly ApiCall[], userDataOf: string | undefined): Promise<void> {
  const userData = userDataOf === undefined ? undefined : await readUserData(ec2, userDataOf);
  const refusals: string[] = [];
  for (const call of calls) {
    if (call.operation !== "RunInstances") continue;
    const { SubnetId, InstanceType } = call.input;
    try {
      await send(ec2, { ...call, input: { ...call.input, UserData: userData } });
      return;
    } catch (error) {
      if (!NO_CAPACITY.has(codeOf(error))) throw error;
      refusals.push(`${InstanceType} in ${SubnetId}: ${codeOf(error)}`);
    }
  }
  throw new ApplianceError(
    "no-capacity",
    `no zone and type has capacity (${refusals.join(", ")}); give more types or subnets`,
  );
}

/** EC2 answers it in the base64 in which it is sent again. It may hold secrets: it is never logged nor shown. */
async function readUserData(ec2: EC2Client, instanceId: string): Promise<string | undefined> {
  const ask = new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: "userData" });
  try {
    return (await ec2.send(ask)).UserData?.Value || undefined;
  } catch (error) {
    if (codeOf(error) === INSTANCE_IS_GONE) return undefined;
    throw error;
  }
}

/** Starts it; where its type has no capacity in its zone, as the next type. */
async function start(ec2: EC2Client, calls: readonly ApiCall[]): Promise<void> {
  const refusals: string[] = [];
  for (const call of calls) {
    try {
      await send(ec2, call);
      if (call.operation === "StartInstances") return;
    } catch (error) {
      if (!NO_CAPACITY.has(codeOf(error))) throw error;
      refusals.push(codeOf(error));
    }
  }
  throw new ApplianceError("no-capacity", `it can't be started (${refusals.join(", ")}); give more types`);
}

/** Looks once more who holds the address: between the plan and now somebody may have moved it by hand. */
async function associate(
  ec2: EC2Client,
  settings: ApplianceSettings,
  step: Extract<Step, { kind: "associate" }>,
  call: ApiCall,
): Promise<void> {
  const now = await findAddress(ec2, settings);
  if (now.networkInterfaceId === step.networkInterfaceId) return;
  const isHeld = now.networkInterfaceId !== undefined || now.instanceId !== undefined;
  if (isHeld && now.networkInterfaceId !== step.holderInterfaceId)
    throw new ApplianceError(
      "address-held",
      `${now.publicIp} was moved to ${now.instanceId ?? now.networkInterfaceId} meanwhile; free it, or mend the site file`,
    );
  await send(ec2, call);
}

async function unless(
  isHarmless: (error: unknown) => boolean,
  act: () => Promise<unknown>,
  otherwise: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isHarmless(error)) throw error;
    await otherwise();
  }
}

function isGone(error: unknown): boolean {
  return codeOf(error) === INSTANCE_IS_GONE || codeOf(error) === INTERFACE_IS_GONE;
}

function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
