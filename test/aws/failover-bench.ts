import * as ec2Api from "@aws-sdk/client-ec2";
import { type Account, CLIENT_RANGE, makeAccount, positionOf } from "./appliance-account";
import { Ec2Pace, type Pace } from "./ec2-pace";
import { startFaultProxy } from "./fault-proxy";
import { motoUrl } from "./moto";

/** Of the order of what EC2 shows: calls of tenths of a second, instances of seconds, images of minutes. */
export const PACE: Pace = { describe: 120, change: 350, run: 1500, boot: 12_000, stop: 40_000, image: 120_000 };

export interface Figures {
  readonly name: string;
  /** From the trigger until the address and every route are on the new instance. */
  readonly seconds: number;
  readonly calls: number;
  /** Of these: asking once more whether something has happened yet. */
  readonly polls: number;
  /** After something had happened, until it was noticed. */
  readonly wastedSeconds: number;
  /** What EC2 alone takes for the calls and changes on the way, one after the other where one needs the other. */
  readonly floorSeconds: number;
}

type Contestant = (account: Account) => Promise<unknown>;

/** Each in an account of its own, at the same pace. */
export async function compete(): Promise<Figures[]> {
  const { describe, change, run, boot, stop, image } = PACE;
  const ours: Contestant = (account) =>
    account.run(
      {},
      {
        ...account.hands(),
        table: { ...account.hands().table, now: Date.now },
        sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      },
    );
  return [
    await measure("standby, running", "standby", ours, describe + change + change),
    await measure("stamp", "stamp", ours, describe + run + boot + change),
    await measure("by hand, SDK's waiters", "stamp", byHand, change + stop + change + image + run + boot + change),
  ];
}

async function measure(
  name: string,
  strategy: "standby" | "stamp",
  contestant: Contestant,
  floorMs: number,
): Promise<Figures> {
  const proxy = await startFaultProxy(motoUrl());
  try {
    const account = await makeAccount(strategy, { endpoint: proxy.url });
    const pace = new Ec2Pace(proxy, PACE);
    proxy.calls.length = 0;
    const begun = performance.now();
    await contestant(account);
    const { length: calls } = proxy.calls;
    const asked = proxy.calls.filter(({ operation }) => /^Describe(Instances|Images)$/.test(operation)).length;
    pace.stop();
    const world = await account.look();
    const { holder, routes } = positionOf(world);
    if (holder === account.primaryId || routes.length !== 1 || routes[0] !== holder)
      throw new Error(`${name} did not move everything: ${holder}, ${routes}`);
    return {
      name,
      seconds: (pace.movedAtMs - begun) / 1000,
      calls,
      polls: Math.max(0, asked - FIRST_LOOKS),
      wastedSeconds: pace.wasted / 1000,
      floorSeconds: floorMs / 1000,
    };
  } finally {
    await proxy.close();
  }
}

/** Instances by their two names, and images. */
const FIRST_LOOKS = 3;

/** What is done by hand today: find by Name tag, stop, create image, run, associate, replace routes. */
async function byHand({ hands, vpcId }: Account): Promise<void> {
  const { ec2 } = hands();
  const named = {
    Filters: [
      { Name: "tag:Name", Values: ["vpn"] },
      { Name: "vpc-id", Values: [vpcId] },
    ],
  };
  const found = (await ec2.send(new ec2Api.DescribeInstancesCommand(named))).Reservations?.[0]?.Instances?.[0];
  const InstanceIds = [found?.InstanceId ?? ""];
  const waiter = { client: ec2, maxWaitTime: 1200 };
  await ec2.send(new ec2Api.StopInstancesCommand({ InstanceIds }));
  await ec2Api.waitUntilInstanceStopped(waiter, { InstanceIds });
  const { ImageId = "" } = await ec2.send(
    new ec2Api.CreateImageCommand({ InstanceId: InstanceIds[0], Name: "by-hand" }),
  );
  await ec2Api.waitUntilImageAvailable(waiter, { ImageIds: [ImageId] });
  const { Subnets = [] } = await ec2.send(
    new ec2Api.DescribeSubnetsCommand({ Filters: [{ Name: "tag:Name", Values: ["demo-tokyo-public-c"] }] }),
  );
  const { Instances = [] } = await ec2.send(
    new ec2Api.RunInstancesCommand({
      ImageId,
      InstanceType: found?.InstanceType,
      MinCount: 1,
      MaxCount: 1,
      SubnetId: Subnets[0]?.SubnetId,
      SecurityGroupIds: found?.SecurityGroups?.map(({ GroupId = "" }) => GroupId),
      // So that it counts as the appliance afterwards.
      TagSpecifications: [
        {
          ResourceType: "instance",
          Tags: [
            { Key: "Name", Value: "vpn" },
            { Key: "kakehashi-appliance", Value: "demo-appliance-vpn" },
          ],
        },
      ],
    }),
  );
  const fresh = Instances[0]?.InstanceId ?? "";
  await ec2Api.waitUntilInstanceRunning(waiter, { InstanceIds: [fresh] });
  const eni = Instances[0]?.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? "";
  await ec2.send(new ec2Api.ModifyInstanceAttributeCommand({ InstanceId: fresh, SourceDestCheck: { Value: false } }));
  const { Addresses = [] } = await ec2.send(new ec2Api.DescribeAddressesCommand({}));
  await ec2.send(
    new ec2Api.AssociateAddressCommand({
      AllocationId: Addresses[0]?.AllocationId,
      NetworkInterfaceId: eni,
      AllowReassociation: true,
    }),
  );
  const { RouteTables = [] } = await ec2.send(
    new ec2Api.DescribeRouteTablesCommand({ Filters: [{ Name: "tag:role", Values: ["clients"] }] }),
  );
  for (const { RouteTableId } of RouteTables) {
    const way = { RouteTableId, NetworkInterfaceId: eni };
    await ec2.send(new ec2Api.ReplaceRouteCommand({ ...way, DestinationCidrBlock: CLIENT_RANGE }));
    await ec2.send(new ec2Api.CreateRouteCommand({ ...way, DestinationCidrBlock: "10.242.3.0/24" }));
  }
}
