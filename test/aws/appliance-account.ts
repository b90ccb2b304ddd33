import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as ec2Api from "@aws-sdk/client-ec2";
import { type Hands, type Outcome, switchAppliance } from "../../functions/appliance-failover/core";
import type { SwitchRequest } from "../../functions/appliance-failover/decide";
import { observe } from "../../functions/common/appliance/observe";
import type { ApplianceSettings } from "../../functions/common/appliance/settings";
import { TAGS } from "../../functions/common/appliance/settings";
import { holderOf, type World } from "../../functions/common/appliance/world";
import { resetMoto } from "./moto";

export const CLIENT_RANGE = "10.242.2.0/24";
const ABSENT_RANGE = "10.242.3.0/24";

export interface Account {
  readonly settings: ApplianceSettings;
  readonly primaryId: string;
  readonly standbyId: string;
  readonly imageIds: readonly string[];
  readonly vpcId: string;
  readonly clock: { ms: number };
  readonly slept: number[];
  readonly notices: Outcome[];
  readonly ec2: ec2Api.EC2Client;
  hands(clients?: { ec2: ec2Api.EC2Client; dynamo: DynamoDBClient }): Hands;
  run(request?: Partial<SwitchRequest>, hands?: Hands): Promise<Outcome>;
  look(): Promise<World>;
}

/** One of those that moto begins with: asking it for all of them takes more than a second. */
const AN_IMAGE = "ami-03cf127a";

const tagged = (ResourceType: ec2Api.ResourceType, tags: Record<string, string>) => [
  { ResourceType, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
];

/** An account with an appliance in zone a that holds the address and one of the two client routes, in two route tables. */
export async function makeAccount(
  strategy: "stamp" | "standby",
  {
    isStandbyRunning = true,
    endpoint = process.env.AWS_ENDPOINT_URL,
  }: { isStandbyRunning?: boolean; endpoint?: string } = {},
): Promise<Account> {
  await resetMoto();
  const ec2 = new ec2Api.EC2Client({ endpoint: process.env.AWS_ENDPOINT_URL });
  const place = await makePlace(ec2);
  const launch = (name: string, subnetId: string) => launchInstance(ec2, name, subnetId, place.groupId);
  const primary = await launch("vpn", place.subnetIds[0] as string);
  const standby = strategy === "standby" ? await launch("vpn-standby", place.subnetIds[1] as string) : undefined;
  if (standby && !isStandbyRunning)
    await ec2.send(new ec2Api.StopInstancesCommand({ InstanceIds: [standby.InstanceId ?? ""] }));
  const eni = primary.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? "";
  await ec2.send(new ec2Api.AssociateAddressCommand({ AllocationId: place.allocationId, NetworkInterfaceId: eni }));
  for (const RouteTableId of place.routeTableIds)
    await ec2.send(
      new ec2Api.CreateRouteCommand({ RouteTableId, DestinationCidrBlock: CLIENT_RANGE, NetworkInterfaceId: eni }),
    );
  const imageIds = strategy === "stamp" ? await takeImages(ec2, primary.InstanceId ?? "") : [];
  const dynamo = new DynamoDBClient({ endpoint: process.env.AWS_ENDPOINT_URL });
  await makeTable(dynamo);
  const settings = makeSettings(strategy, place.allocationId);
  const clock = { ms: 1_800_000_000_000 };
  const [slept, notices]: [number[], Outcome[]] = [[], []];
  const proxied = {
    ec2: new ec2Api.EC2Client({ endpoint }),
    dynamo: new DynamoDBClient({ endpoint }),
  };
  const account: Account = {
    settings,
    primaryId: primary.InstanceId ?? "",
    standbyId: standby?.InstanceId ?? "",
    imageIds,
    vpcId: place.vpcId,
    clock,
    slept,
    notices,
    ec2,
    hands: (clients = proxied) => ({
      ec2: clients.ec2,
      table: { client: clients.dynamo, tableName: settings.name, now: () => clock.ms },
      probe: async () => true,
      notify: async (outcome) => {
        notices.push(outcome);
      },
      sleep: async (ms) => {
        slept.push(ms);
        clock.ms += ms;
      },
      log: () => {},
    }),
    run: (request, hands) =>
      switchAppliance(hands ?? account.hands(), settings, {
        kind: "failover",
        reason: "test",
        id: `run-${clock.ms}`,
        ...request,
      }),
    look: () => observe({ ec2, table: { client: dynamo, tableName: settings.name, now: () => clock.ms } }, settings),
  };
  return account;
}

async function makePlace(ec2: ec2Api.EC2Client) {
  const { Vpc } = await ec2.send(
    new ec2Api.CreateVpcCommand({
      CidrBlock: "172.30.0.0/16",
      TagSpecifications: tagged("vpc", { Name: "demo-tokyo" }),
    }),
  );
  const vpcId = Vpc?.VpcId ?? "";
  const subnetIds: string[] = [];
  for (const [at, zone] of ["a", "c"].entries()) {
    const { Subnet } = await ec2.send(
      new ec2Api.CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock: `172.30.${at + 1}.0/24`,
        AvailabilityZone: `ap-northeast-1${zone}`,
        TagSpecifications: tagged("subnet", { Name: `demo-tokyo-public-${zone}` }),
      }),
    );
    subnetIds.push(Subnet?.SubnetId ?? "");
  }
  const group = async (name: string) =>
    (
      await ec2.send(
        new ec2Api.CreateSecurityGroupCommand({
          VpcId: vpcId,
          GroupName: name,
          Description: name,
          TagSpecifications: tagged("security-group", { Name: name }),
        }),
      )
    ).GroupId ?? "";
  const groupId = await group("vpn");
  await group("demo-appliance-vpn-quarantine");
  const routeTableIds: string[] = [];
  for (const name of ["demo-tokyo-public", "demo-tokyo-private"]) {
    const { RouteTable } = await ec2.send(
      new ec2Api.CreateRouteTableCommand({
        VpcId: vpcId,
        TagSpecifications: tagged("route-table", { Name: name, role: "clients" }),
      }),
    );
    routeTableIds.push(RouteTable?.RouteTableId ?? "");
  }
  const { AllocationId = "" } = await ec2.send(new ec2Api.AllocateAddressCommand({ Domain: "vpc" }));
  return { vpcId, subnetIds, groupId, routeTableIds, allocationId: AllocationId };
}

export async function launchInstance(ec2: ec2Api.EC2Client, name: string, subnetId: string, groupId: string) {
  const { Instances } = await ec2.send(
    new ec2Api.RunInstancesCommand({
      ImageId: AN_IMAGE,
      InstanceType: "c6i.large",
      KeyName: "operators",
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnetId,
      SecurityGroupIds: [groupId],
      UserData: Buffer.from("#!/bin/sh\necho $(hostname) 'hello'\n").toString("base64"),
      TagSpecifications: tagged("instance", { Name: name, owner: "network-team" }),
    }),
  );
  return Instances?.[0] as ec2Api.Instance;
}

async function takeImages(ec2: ec2Api.EC2Client, instanceId: string): Promise<string[]> {
  const ids: string[] = [];
  for (const name of ["older", "newest"]) {
    const { ImageId = "" } = await ec2.send(
      new ec2Api.CreateImageCommand({
        InstanceId: instanceId,
        Name: name,
        TagSpecifications: tagged("image", { [TAGS.appliance]: "demo-appliance-vpn" }),
      }),
    );
    ids.push(ImageId);
  }
  return ids;
}

async function makeTable(dynamo: DynamoDBClient): Promise<void> {
  await dynamo.send(
    new CreateTableCommand({
      TableName: "demo-appliance-vpn",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
}

function makeSettings(strategy: "stamp" | "standby", allocationId: string): ApplianceSettings {
  return {
    name: "demo-appliance-vpn",
    site: "demo",
    key: "vpn",
    region: "ap-northeast-1",
    vpc: "demo-tokyo",
    instance: "vpn",
    strategy,
    standby: strategy === "standby" ? "vpn-standby" : undefined,
    subnets: ["demo-tokyo-public-a", "demo-tokyo-public-c"],
    address: allocationId,
    clientRanges: [CLIENT_RANGE, ABSENT_RANGE],
    routeTables: ["role=clients"],
    securityGroups: ["vpn"],
    quarantineGroup: "demo-appliance-vpn-quarantine",
    types: [],
    service: { protocol: "tcp", port: 443 },
    verifySeconds: 120,
    holdDownMinutes: 30,
    maintenance: { windows: [], timeZone: "UTC" },
    probe: { isDeployed: true, intervalSeconds: 5, failures: 3 },
    stamps:
      strategy === "stamp"
        ? {
            by: "function",
            everyHours: 24,
            isRebooted: false,
            staleHours: 48,
            keep: 7,
            keepDays: 30,
            isEncrypted: false,
          }
        : undefined,
  };
}

/** Where the address and every route of the client ranges lead, and who else is still alive. */
export function positionOf(world: World) {
  const holder = holderOf(world);
  const enis = world.routeTables.flatMap(({ routes }) => [routes.get(CLIENT_RANGE), routes.get(ABSENT_RANGE)]);
  return {
    holder: holder?.id,
    routes: [
      ...new Set(
        enis.map((eni) => world.instances.find(({ interfaces }) => interfaces.some(({ id }) => id === eni))?.id),
      ),
    ],
    running: world.instances.filter(({ state }) => state === "running").map(({ id }) => id),
  };
}
