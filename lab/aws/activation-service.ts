import { randomBytes, randomUUID } from "node:crypto";

interface Made {
  readonly ActivationId: string;
  readonly code: string;
  readonly RegistrationLimit: number;
  RegistrationsCount: number;
  readonly ExpirationDate: number;
  readonly CreatedDate: number;
  readonly IamRole: string;
  readonly DefaultInstanceName?: string;
  readonly Tags?: readonly { Key: string; Value: string }[];
}

/** It outlives its activation. */
interface Node {
  readonly InstanceId: string;
  readonly ActivationId: string;
  readonly PingStatus: string;
  readonly IamRole: string;
}

/** An SSM operation's answer, or its error by the service's own name. */
export type SsmAnswer = { readonly body: object } | { readonly error: string; readonly message: string };

/**
 * The part of Systems Manager that moto lacks: activations, and servers that register with them. As the service does it, as far
 * as its API reference says: limits, expiry, a code that is told once.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateActivation.html
 */
export class ActivationService {
  readonly activations = new Map<string, Made>();
  readonly nodes: Node[] = [];
  /** All that were ever made. */
  made = 0;

  constructor(private readonly now: () => number = Date.now) {}

  answer(operation: string, input: Record<string, unknown>): SsmAnswer | undefined {
    switch (operation) {
      case "CreateActivation":
        return this.create(input);
      case "DescribeActivations":
        return this.describe(input);
      case "DeleteActivation":
        if (!this.activations.delete(String(input.ActivationId)))
          return { error: "InvalidActivation", message: "The activation isn't valid." };
        return { body: {} };
      case "DescribeInstanceInformation":
        return { body: { InstanceInformationList: this.describeNodes(input) } };
      default:
        return undefined;
    }
  }

  /** What the agent's `-register` asks for. @returns the node's id; undefined where the pair is not taken */
  register(activationId: string, code: string): string | undefined {
    const found = this.activations.get(activationId);
    if (!found || found.code !== code || this.isExpired(found) || found.RegistrationsCount >= found.RegistrationLimit)
      return undefined;
    found.RegistrationsCount += 1;
    const InstanceId = `mi-${randomBytes(9).toString("hex").slice(0, 17)}`;
    this.nodes.push({ InstanceId, ActivationId: activationId, PingStatus: "Online", IamRole: found.IamRole });
    return InstanceId;
  }

  private create(input: Record<string, unknown>): SsmAnswer {
    const limit = Number(input.RegistrationLimit ?? 1);
    const expiry = Number(input.ExpirationDate ?? this.seconds() + 86_400);
    if (limit < 1 || limit > 1000 || expiry > this.seconds() + 30 * 86_400 || expiry <= this.seconds())
      return { error: "InvalidParameters", message: "You must specify values for all required parameters." };
    const activation: Made = {
      ActivationId: randomUUID(),
      code: randomBytes(10).toString("hex"),
      RegistrationLimit: limit,
      RegistrationsCount: 0,
      ExpirationDate: expiry,
      CreatedDate: this.seconds(),
      IamRole: String(input.IamRole),
      DefaultInstanceName: input.DefaultInstanceName as string | undefined,
      Tags: input.Tags as Made["Tags"],
    };
    this.activations.set(activation.ActivationId, activation);
    this.made += 1;
    return { body: { ActivationId: activation.ActivationId, ActivationCode: activation.code } };
  }

  private describe(input: Record<string, unknown>): SsmAnswer {
    const filters = (input.Filters ?? []) as { FilterKey: string; FilterValues: string[] }[];
    const found = [...this.activations.values()].filter((one) =>
      filters.every(({ FilterKey, FilterValues }) =>
        FilterValues.includes(
          { ActivationIds: one.ActivationId, IamRole: one.IamRole, DefaultInstanceName: one.DefaultInstanceName ?? "" }[
            FilterKey
          ] ?? "",
        ),
      ),
    );
    return {
      body: { ActivationList: found.map(({ code: _, ...one }) => ({ ...one, Expired: this.isExpired(one) })) },
    };
  }

  private describeNodes({ Filters }: Record<string, unknown>): object[] {
    const filters = (Filters ?? []) as { Key: string; Values: string[] }[];
    return this.nodes
      .map((node) => this.describeNode(node))
      .filter(({ IamRole }) => filters.every(({ Key, Values }) => Key !== "IamRole" || Values.includes(IamRole)));
  }

  private describeNode(node: Node) {
    return {
      ...node,
      ComputerName: `server-${node.InstanceId.slice(-4)}`,
      IPAddress: "10.0.2.7",
      PlatformName: "Debian GNU/Linux",
      PlatformVersion: "12",
      AgentVersion: "3.3.4624.0",
      LastPingDateTime: this.seconds(),
      RegistrationDate: this.seconds(),
      ResourceType: "ManagedInstance",
    };
  }

  private isExpired({ ExpirationDate }: Pick<Made, "ExpirationDate">): boolean {
    return ExpirationDate <= this.seconds();
  }

  private seconds(): number {
    return this.now() / 1000;
  }
}
