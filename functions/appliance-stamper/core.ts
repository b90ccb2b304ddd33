import {
  CopyImageCommand,
  CreateImageCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  type EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { activeOf } from "../common/appliance/active";
import { ApplianceError } from "../common/appliance/errors";
import { type Eyes, findAddress, findGroup, findImages, findInstances, findSubnet } from "../common/appliance/observe";
import { readRecord } from "../common/appliance/record";
import { type ApplianceSettings, TAGS } from "../common/appliance/settings";
import type { Image, Instance } from "../common/appliance/world";
import { type BootTest, imageAgeHours, planStamps, type StampStep, type StampWorld } from "./plan-stamps";

export interface Stamped {
  readonly steps: readonly StampStep["kind"][];
  /** What EC2 refused, for the log: one refusal does not keep the others from being done. */
  readonly refused: readonly string[];
  /** Of the newest usable image. */
  readonly ageHours?: number;
}

/**
 * Looks after an appliance's images, once: what takes time is gone on with at the next call.
 * @throws ApplianceError; what AWS answers while it looks
 */
export async function stampAppliance(eyes: Eyes, settings: ApplianceSettings, nowMs: number): Promise<Stamped> {
  const world = await lookAround(eyes, settings);
  const steps = planStamps(world, settings, nowMs);
  const refused: string[] = [];
  for (const step of steps) {
    try {
      await perform(eyes.ec2, settings, world, step, nowMs);
    } catch (error) {
      refused.push(`${step.kind}: ${(error as Error).name}`);
    }
  }
  return { steps: steps.map(({ kind }) => kind), refused, ageHours: imageAgeHours(world, settings, nowMs) };
}

async function lookAround({ ec2, table }: Eyes, settings: ApplianceSettings): Promise<StampWorld> {
  const [instances, address, record, images, tests] = await Promise.all([
    findInstances(ec2, settings),
    findAddress(ec2, settings),
    readRecord(table),
    findImages(ec2, settings),
    findTests(ec2, settings),
  ]);
  const active = activeOf({ instances, address, record });
  return { active, instances, images, tests, isSwitching: record.run !== undefined };
}

async function findTests(ec2: EC2Client, { name }: ApplianceSettings): Promise<BootTest[]> {
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: `tag:${TAGS.appliance}`, Values: [name] },
        { Name: "tag-key", Values: [TAGS.bootTest] },
        { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
      ],
    }),
  );
  const found = Reservations.flatMap(({ Instances = [] }) => Instances);
  if (found.length === 0) return [];
  const { InstanceStatuses = [] } = await ec2.send(
    new DescribeInstanceStatusCommand({
      InstanceIds: found.map(({ InstanceId = "" }) => InstanceId),
      IncludeAllInstances: true,
    }),
  );
  return found.map(({ InstanceId = "", LaunchTime, Tags = [] }) => {
    const status = InstanceStatuses.find((one) => one.InstanceId === InstanceId);
    const checks = [status?.SystemStatus?.Status, status?.InstanceStatus?.Status];
    return {
      instanceId: InstanceId,
      imageId: Tags.find(({ Key }) => Key === TAGS.bootTest)?.Value ?? "",
      launchedAtMs: LaunchTime?.getTime() ?? 0,
      checks: checks.every((check) => check === "ok") ? "ok" : checks.includes("impaired") ? "impaired" : "pending",
    };
  });
}

async function perform(
  ec2: EC2Client,
  settings: ApplianceSettings,
  { active }: StampWorld,
  step: StampStep,
  nowMs: number,
): Promise<void> {
  switch (step.kind) {
    case "mark":
      await ec2.send(
        new CreateTagsCommand({ Resources: [step.instanceId], Tags: [{ Key: TAGS.active, Value: settings.name }] }),
      );
      if (step.from.length > 0)
        await ec2.send(new DeleteTagsCommand({ Resources: [...step.from], Tags: [{ Key: TAGS.active }] }));
      return;
    case "create":
      await ec2.send(
        new CreateImageCommand({
          InstanceId: step.instanceId,
          Name: imageName(settings, nowMs),
          Description: `Stamp of ${step.instanceId}`,
          NoReboot: !settings.stamps?.isRebooted,
          TagSpecifications: imageTags(settings, active?.tags ?? {}),
        }),
      );
      return;
    case "encrypt":
      await ec2.send(
        new CopyImageCommand({
          SourceImageId: step.image.id,
          SourceRegion: settings.region,
          // A second copy of one image has the same name, and is refused.
          Name: `${settings.name}-encrypted-${step.image.id}`,
          Encrypted: true,
          KmsKeyId: settings.kmsKey,
          TagSpecifications: imageTags(settings, { ...step.image.tags, [TAGS.copyOf]: step.image.id }),
        }),
      );
      return;
    case "test":
      return startTest(ec2, settings, active, step.image);
    case "judge":
      await ec2.send(
        new CreateTagsCommand({ Resources: [step.imageId], Tags: [{ Key: TAGS.boot, Value: step.boot }] }),
      );
      return;
    case "terminate":
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [step.instanceId] }));
      return;
    case "delete":
      await ec2.send(new DeregisterImageCommand({ ImageId: step.image.id }));
      for (const SnapshotId of step.image.snapshotIds) await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
  }
}

/** Without profile and key, in a subnet that leads nowhere, in the group that lets nothing in or out. */
async function startTest(
  ec2: EC2Client,
  settings: ApplianceSettings,
  active: Instance | undefined,
  image: Image,
): Promise<void> {
  const type = settings.types[0] ?? active?.type;
  if (!type) throw new ApplianceError("no-source", "no instance says of what type it is; give types in the site file");
  const [subnet, group] = await Promise.all([
    findSubnet(ec2, settings.stamps?.bootTestSubnet ?? ""),
    findGroup(ec2, settings.quarantineGroup),
  ]);
  const Tags = toTags({
    Name: `${settings.name}-boot-test`,
    [TAGS.appliance]: settings.name,
    [TAGS.bootTest]: image.id,
  });
  await ec2.send(
    new RunInstancesCommand({
      ImageId: image.id,
      InstanceType: type as NonNullable<ConstructorParameters<typeof RunInstancesCommand>[0]["InstanceType"]>,
      MinCount: 1,
      MaxCount: 1,
      ClientToken: `boot-test-${image.id}`,
      SubnetId: subnet,
      SecurityGroupIds: [group],
      TagSpecifications: [
        { ResourceType: "instance", Tags },
        { ResourceType: "volume", Tags },
      ],
    }),
  );
}

/** To the minute: two calls at once ask for one name, and EC2 refuses the second. */
function imageName({ name }: ApplianceSettings, nowMs: number): string {
  return `${name}-${new Date(nowMs).toISOString().slice(0, 16).replace(/[-:]/g, "")}`;
}

function imageTags({ name }: ApplianceSettings, tags: Readonly<Record<string, string>>) {
  const { [TAGS.active]: _, [TAGS.run]: __, [TAGS.boot]: ___, ...rest } = tags;
  const Tags = toTags({
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith("aws:"))),
    [TAGS.appliance]: name,
  });
  return [
    { ResourceType: "image" as const, Tags },
    { ResourceType: "snapshot" as const, Tags },
  ];
}

function toTags(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
