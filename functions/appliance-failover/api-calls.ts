import {
  AssociateAddressCommand,
  type AssociateAddressCommandInput,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateTagsCommand,
  type CreateTagsCommandInput,
  DeleteTagsCommand,
  type DeleteTagsCommandInput,
  type EC2Client,
  ModifyInstanceAttributeCommand,
  type ModifyInstanceAttributeCommandInput,
  ModifyNetworkInterfaceAttributeCommand,
  type ModifyNetworkInterfaceAttributeCommandInput,
  ReplaceRouteCommand,
  type ReplaceRouteCommandInput,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  type StartInstancesCommandInput,
  StopInstancesCommand,
  type StopInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import type { Step } from "./plan";
import type { LaunchSpec } from "./plan-launch";

/** A call to EC2 as data: `--dry-run` prints the very thing that is sent otherwise. */
export type ApiCall =
  | { readonly operation: "AssociateAddress"; readonly input: AssociateAddressCommandInput }
  | { readonly operation: "CreateRoute"; readonly input: CreateRouteCommandInput }
  | { readonly operation: "CreateTags"; readonly input: CreateTagsCommandInput }
  | { readonly operation: "DeleteTags"; readonly input: DeleteTagsCommandInput }
  | { readonly operation: "ModifyInstanceAttribute"; readonly input: ModifyInstanceAttributeCommandInput }
  | {
      readonly operation: "ModifyNetworkInterfaceAttribute";
      readonly input: ModifyNetworkInterfaceAttributeCommandInput;
    }
  | { readonly operation: "ReplaceRoute"; readonly input: ReplaceRouteCommandInput }
  | { readonly operation: "RunInstances"; readonly input: RunInstancesCommandInput }
  | { readonly operation: "StartInstances"; readonly input: StartInstancesCommandInput }
  | { readonly operation: "StopInstances"; readonly input: StopInstancesCommandInput };

/**
 * The calls that a step may make: the first, and after it those that take its place where EC2 refuses it for a reason that
 * `perform` knows (no capacity, a route that is absent or there by now). None: the step waits, asks or writes the record.
 */
export function callsOf(step: Step): readonly ApiCall[] {
  switch (step.kind) {
    case "isolate":
      return [setGroups(step.networkInterfaceId, [step.groupId])];
    case "set-groups":
      return [setGroups(step.networkInterfaceId, step.groupIds)];
    case "stop":
      return [{ operation: "StopInstances", input: { InstanceIds: [step.instanceId] } }];
    case "start":
      return [
        startInstance(step.instanceId),
        ...step.types.flatMap((type): ApiCall[] => [
          {
            operation: "ModifyInstanceAttribute",
            input: { InstanceId: step.instanceId, InstanceType: { Value: type } },
          },
          startInstance(step.instanceId),
        ]),
      ];
    case "launch":
      return step.spec.candidates.map((_, at) => runInstance(step.spec, at));
    case "disable-source-dest-check":
      return [
        {
          operation: "ModifyNetworkInterfaceAttribute",
          input: { NetworkInterfaceId: step.networkInterfaceId, SourceDestCheck: { Value: false } },
        },
      ];
    case "associate":
      return [
        {
          operation: "AssociateAddress",
          input: {
            AllocationId: step.allocationId,
            NetworkInterfaceId: step.networkInterfaceId,
            AllowReassociation: step.allowReassociation,
          },
        },
      ];
    case "route":
      return routeCalls(step);
    case "tag":
      return [
        {
          operation: "CreateTags",
          input: {
            Resources: [step.instanceId],
            Tags: Object.entries(step.tags).map(([Key, Value]) => ({ Key, Value })),
          },
        },
      ];
    case "untag":
      return [
        {
          operation: "DeleteTags",
          input: { Resources: [step.instanceId], Tags: step.keys.map((Key) => ({ Key })) },
        },
      ];
    case "await":
    case "verify":
    case "finish":
      return [];
  }
}

function setGroups(networkInterfaceId: string, groupIds: readonly string[]): ApiCall {
  return {
    operation: "ModifyNetworkInterfaceAttribute",
    input: { NetworkInterfaceId: networkInterfaceId, Groups: [...groupIds] },
  };
}

function startInstance(instanceId: string): ApiCall {
  return { operation: "StartInstances", input: { InstanceIds: [instanceId] } };
}

/** Replacing needs the route to be there, creating needs it not to be: whichever is refused, the other is right. */
function routeCalls({ routeTableId, cidr, networkInterfaceId, exists }: Extract<Step, { kind: "route" }>): ApiCall[] {
  const input = {
    RouteTableId: routeTableId,
    DestinationCidrBlock: cidr,
    NetworkInterfaceId: networkInterfaceId,
  };
  const replace: ApiCall = { operation: "ReplaceRoute", input };
  const create: ApiCall = { operation: "CreateRoute", input };
  return exists ? [replace, create] : [create, replace];
}

function runInstance(spec: LaunchSpec, at: number): ApiCall {
  const { subnetId, type } = spec.candidates[at] as LaunchSpec["candidates"][number];
  return {
    operation: "RunInstances",
    input: {
      ImageId: spec.imageId,
      InstanceType: type as RunInstancesCommandInput["InstanceType"],
      MinCount: 1,
      MaxCount: 1,
      ClientToken: `${spec.token}-${at}`,
      KeyName: spec.keyName,
      IamInstanceProfile:
        spec.profile && ("arn" in spec.profile ? { Arn: spec.profile.arn } : { Name: spec.profile.name }),
      MetadataOptions: spec.httpTokens && { HttpTokens: spec.httpTokens },
      SubnetId: subnetId,
      SecurityGroupIds: [...spec.groupIds],
      TagSpecifications: (["instance", "volume"] as const).map((ResourceType) => ({
        ResourceType,
        Tags: Object.entries(spec.tags).map(([Key, Value]) => ({ Key, Value })),
      })),
    },
  };
}

/** @throws what EC2 answers */
export function send(ec2: EC2Client, call: ApiCall): Promise<unknown> {
  switch (call.operation) {
    case "AssociateAddress":
      return ec2.send(new AssociateAddressCommand(call.input));
    case "CreateRoute":
      return ec2.send(new CreateRouteCommand(call.input));
    case "CreateTags":
      return ec2.send(new CreateTagsCommand(call.input));
    case "DeleteTags":
      return ec2.send(new DeleteTagsCommand(call.input));
    case "ModifyInstanceAttribute":
      return ec2.send(new ModifyInstanceAttributeCommand(call.input));
    case "ModifyNetworkInterfaceAttribute":
      return ec2.send(new ModifyNetworkInterfaceAttributeCommand(call.input));
    case "ReplaceRoute":
      return ec2.send(new ReplaceRouteCommand(call.input));
    case "RunInstances":
      return ec2.send(new RunInstancesCommand(call.input));
    case "StartInstances":
      return ec2.send(new StartInstancesCommand(call.input));
    case "StopInstances":
      return ec2.send(new StopInstancesCommand(call.input));
  }
}
