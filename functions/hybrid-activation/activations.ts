import {
  CreateActivationCommand,
  DeleteActivationCommand,
  DescribeActivationsCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { errorName, isThrottling, Unavailable } from "./errors";

export interface NewActivation {
  readonly role: string;
  readonly registrationLimit: number;
  readonly expiresAt: Date;
  readonly instanceName: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What SSM says of an activation. */
export interface KnownActivation {
  readonly registrations: number;
  readonly registrationLimit: number;
  readonly isExpired: boolean;
}

/**
 * Makes an activation. Its code is told here and never again.
 * @throws Unavailable
 */
export async function createActivation(ssm: SSMClient, wanted: NewActivation): Promise<{ id: string; code: string }> {
  const create = new CreateActivationCommand({
    Description: `${wanted.instanceName} by Kakehashi`,
    DefaultInstanceName: wanted.instanceName,
    IamRole: wanted.role,
    RegistrationLimit: wanted.registrationLimit,
    ExpirationDate: wanted.expiresAt,
    Tags: Object.entries(wanted.tags).map(([Key, Value]) => ({ Key, Value })),
  });
  const { ActivationId: id, ActivationCode: code } = await ssm.send(create).catch(refuse);
  if (!id || !code) throw new Unavailable("activation-refused", 60, "SSM answered without a pair");
  return { id, code };
}

/**
 * @returns undefined where SSM knows it no more
 * @throws Unavailable
 */
export async function describeActivation(ssm: SSMClient, id: string): Promise<KnownActivation | undefined> {
  const describe = new DescribeActivationsCommand({
    Filters: [{ FilterKey: "ActivationIds", FilterValues: [id] }],
    MaxResults: 1,
  });
  const { ActivationList } = await ssm.send(describe).catch(refuse);
  const found = ActivationList?.find(({ ActivationId }) => ActivationId === id);
  if (!found) return undefined;
  return {
    registrations: found.RegistrationsCount ?? 0,
    registrationLimit: found.RegistrationLimit ?? 1,
    isExpired: found.Expired === true,
  };
}

/** One that is gone already is as good. Nodes that registered with it stay registered. @throws Unavailable */
export async function deleteActivation(ssm: SSMClient, id: string): Promise<void> {
  await ssm.send(new DeleteActivationCommand({ ActivationId: id })).catch((error) => {
    if (!["InvalidActivation", "InvalidActivationId"].includes(errorName(error))) refuse(error);
  });
}

function refuse(error: unknown): never {
  if (isThrottling(error)) throw new Unavailable("throttled", 30, errorName(error));
  throw new Unavailable("activation-refused", 60, errorName(error));
}
