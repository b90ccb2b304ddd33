import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribeActivationsCommand, paginateDescribeInstanceInformation, SSMClient } from "@aws-sdk/client-ssm";
import type { Activation } from "../../config/activation";
import { ExternalError } from "../../config/problems";
import { activationName, activationNodeRoleName } from "../../config/resource-names";
import type { OperatorAnswer, OperatorEvent, OperatorStatus } from "../../functions/hybrid-activation/operator";
import { ask } from "./ask";

/** Beside what the function has counted, what Systems Manager has. */
export interface ActivationReport extends OperatorStatus {
  /** Servers registered with the present one; null where there is none, or SSM does not know it. */
  readonly registered: number | null;
}

export interface ActivationNode {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly ping: string;
  readonly lastPing: string;
  readonly platform: string;
  readonly agent: string;
  readonly activationId: string;
}

/**
 * Asks the function, and changes nothing unless `renew` is asked for.
 * @throws ExternalError
 */
export async function readActivation(
  site: string,
  { key, region }: Activation,
  event: OperatorEvent,
): Promise<ActivationReport> {
  const status = await askFunction(region, activationName(site, key), event);
  if (status.activationId === null) return { ...status, registered: null };
  const describe = new DescribeActivationsCommand({
    Filters: [{ FilterKey: "ActivationIds", FilterValues: [status.activationId] }],
  });
  const ssm = new SSMClient({ region });
  const { ActivationList } = await ask("ssm:DescribeActivations", () => ssm.send(describe));
  const found = ActivationList?.find(({ ActivationId }) => ActivationId === status.activationId);
  return { ...status, registered: found ? (found.RegistrationsCount ?? 0) : null };
}

async function askFunction(region: string, name: string, event: OperatorEvent): Promise<OperatorStatus> {
  const invoke = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) });
  const answer = await ask("lambda:InvokeFunction", () => new LambdaClient({ region }).send(invoke));
  const text = Buffer.from(answer.Payload ?? []).toString("utf8");
  if (answer.FunctionError) throw new ExternalError(`the function ${name} failed: look at its log /aws/lambda/${name}`);
  const told = JSON.parse(text) as OperatorAnswer;
  if ("fault" in told) throw new ExternalError(`the function ${name} could not do it: ${told.fault}`);
  return told;
}

/**
 * The servers that took on the API's role, in order of their ids.
 * @throws ExternalError
 */
export async function readActivationNodes(site: string, { key, region }: Activation): Promise<ActivationNode[]> {
  const pages = paginateDescribeInstanceInformation(
    { client: new SSMClient({ region }) },
    { Filters: [{ Key: "IamRole", Values: [activationNodeRoleName(site, key)] }] },
  );
  return ask("ssm:DescribeInstanceInformation", async () => {
    const nodes: ActivationNode[] = [];
    for await (const { InstanceInformationList } of pages) {
      for (const node of InstanceInformationList ?? []) {
        nodes.push({
          id: node.InstanceId ?? "",
          name: node.ComputerName ?? "",
          address: node.IPAddress ?? "",
          ping: node.PingStatus ?? "",
          lastPing: node.LastPingDateTime?.toISOString() ?? "",
          platform: [node.PlatformName, node.PlatformVersion].filter(Boolean).join(" "),
          agent: node.AgentVersion ?? "",
          activationId: node.ActivationId ?? "",
        });
      }
    }
    return nodes.sort((a, b) => a.id.localeCompare(b.id));
  });
}
