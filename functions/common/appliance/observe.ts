import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Instance as Ec2Instance,
} from "@aws-sdk/client-ec2";
import { selectorFilter } from "../../../config/values/resource-selector";
import type { LeaseTable } from "../lease";
import { ApplianceError } from "./errors";
import { readRecord } from "./record";
import { type ApplianceSettings, TAGS } from "./settings";
import type { Address, Image, Instance, InstanceState, RouteTable, World } from "./world";

export interface Eyes {
  readonly ec2: EC2Client;
  readonly table: LeaseTable;
}

/**
 * Looks at everything at once: it takes as long as the slowest answer.
 * @throws ApplianceError where something that the site file names is not there
 */
export async function observe({ ec2, table }: Eyes, settings: ApplianceSettings): Promise<World> {
  const [vpcId, instances, address, routeTables, subnets, groups, quarantine, images, record] = await Promise.all([
    findVpc(ec2, settings),
    findInstances(ec2, settings),
    findAddress(ec2, settings),
    Promise.all(settings.routeTables.map((selector) => findRouteTables(ec2, selector))),
    Promise.all(settings.subnets.map((selector) => findSubnets(ec2, selector))),
    Promise.all(settings.securityGroups.map((selector) => findGroups(ec2, selector))),
    findGroups(ec2, settings.quarantineGroup),
    settings.strategy === "stamp" ? findImages(ec2, settings) : [],
    readRecord(table),
  ]);
  const here = <T extends { readonly vpcId: string }>(found: readonly T[], selector: string, what: string): T[] => {
    const inVpc = found.filter((one) => one.vpcId === vpcId);
    if (inVpc.length === 0) throw notFound(what, selector, ` in ${vpcId}`);
    return inVpc;
  };
  return {
    instances,
    address,
    routeTables: uniqueById(
      routeTables.flatMap((found, at) => here(found, settings.routeTables[at] as string, "route table")),
    ),
    subnets: subnets.map((found, at) => only(here(found, settings.subnets[at] as string, "subnet"))),
    groupIds: groups.map((found, at) => only(here(found, settings.securityGroups[at] as string, "security group")).id),
    quarantineGroupId: quarantine.find((one) => one.vpcId === vpcId)?.id,
    images,
    record,
  };
}

/** The members only, for polling. Those that ended long ago are seen no more. */
export async function findInstances(ec2: EC2Client, settings: ApplianceSettings): Promise<Instance[]> {
  const ask = async (filter: { Name: string; Values: string[] }) => {
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters: [filter] }));
    return (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
  };
  const [primaries, standbys, copies] = await Promise.all([
    ask(selectorFilter(settings.instance)),
    settings.standby === undefined ? [] : ask(selectorFilter(settings.standby)),
    settings.strategy === "stamp" ? ask({ Name: `tag:${TAGS.appliance}`, Values: [settings.name] }) : [],
  ]);
  // A copy carries the primary's tags too: what it is by its own tag counts.
  const roles: readonly (readonly [readonly Ec2Instance[], Instance["role"]])[] = [
    [copies, "copy"],
    [standbys, "standby"],
    [primaries, "primary"],
  ];
  return uniqueById(roles.flatMap(([found, role]) => found.map((instance) => toInstance(instance, role)))).filter(
    ({ tags }) => tags[TAGS.bootTest] === undefined,
  );
}

function toInstance(instance: Ec2Instance, role: Instance["role"]): Instance {
  const { InstanceId = "", State, InstanceType = "", Placement, PrivateIpAddress, LaunchTime } = instance;
  return {
    id: InstanceId,
    state: State?.Name as InstanceState,
    role,
    type: InstanceType,
    zone: Placement?.AvailabilityZone ?? "",
    privateIp: PrivateIpAddress,
    launchedAtMs: LaunchTime?.getTime() ?? 0,
    keyName: instance.KeyName,
    profileArn: instance.IamInstanceProfile?.Arn,
    httpTokens: instance.MetadataOptions?.HttpTokens,
    interfaces: (instance.NetworkInterfaces ?? [])
      .map((one) => ({
        id: one.NetworkInterfaceId ?? "",
        isPrimary: one.Attachment?.DeviceIndex === 0,
        groupIds: (one.Groups ?? []).map(({ GroupId = "" }) => GroupId),
        isSourceDestChecked: one.SourceDestCheck ?? true,
      }))
      .sort((a, b) => Number(b.isPrimary) - Number(a.isPrimary)),
    tags: toTags(instance.Tags),
  };
}

export async function findAddress(ec2: EC2Client, { address }: ApplianceSettings): Promise<Address> {
  const name = address.startsWith("eipalloc-") ? "allocation-id" : "public-ip";
  const { Addresses } = await ec2.send(new DescribeAddressesCommand({ Filters: [{ Name: name, Values: [address] }] }));
  const found = Addresses?.[0];
  if (!found?.AllocationId) throw notFound("floating address", address);
  return {
    allocationId: found.AllocationId,
    publicIp: found.PublicIp ?? "",
    // Without an association EC2 may answer empty texts.
    instanceId: found.InstanceId || undefined,
    networkInterfaceId: found.NetworkInterfaceId || undefined,
  };
}

async function findVpc(ec2: EC2Client, { vpc }: ApplianceSettings): Promise<string> {
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ Filters: [selectorFilter(vpc)] }));
  if (!Vpcs[0]?.VpcId) throw notFound("VPC", vpc);
  if (Vpcs.length > 1) throw new ApplianceError("not-found", `"${vpc}" names ${Vpcs.length} VPCs; give its id`);
  return Vpcs[0].VpcId;
}

async function findRouteTables(ec2: EC2Client, selector: string): Promise<(RouteTable & { vpcId: string })[]> {
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters: [selectorFilter(selector)] }));
  return RouteTables.map(({ RouteTableId = "", VpcId = "", Routes = [] }) => ({
    id: RouteTableId,
    vpcId: VpcId,
    routes: new Map(Routes.map((route) => [route.DestinationCidrBlock ?? "", route.NetworkInterfaceId || undefined])),
  }));
}

async function findSubnets(ec2: EC2Client, selector: string) {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters: [selectorFilter(selector)] }));
  return Subnets.map(({ SubnetId = "", VpcId = "", AvailabilityZone = "" }) => ({
    id: SubnetId,
    vpcId: VpcId,
    zone: AvailabilityZone,
  }));
}

/** @throws ApplianceError where there is none */
export async function findSubnet(ec2: EC2Client, selector: string): Promise<string> {
  const [found] = await findSubnets(ec2, selector);
  if (!found) throw notFound("subnet", selector);
  return found.id;
}

/** @throws ApplianceError where there is none */
export async function findGroup(ec2: EC2Client, selector: string): Promise<string> {
  const [found] = await findGroups(ec2, selector);
  if (!found) throw notFound("security group", selector);
  return found.id;
}

async function findGroups(ec2: EC2Client, selector: string) {
  const { SecurityGroups = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [selectorFilter(selector)] }),
  );
  return SecurityGroups.map(({ GroupId = "", VpcId = "" }) => ({ id: GroupId, vpcId: VpcId }));
}

/** The account's own images of an appliance, newest first. */
export async function findImages(ec2: EC2Client, { name }: ApplianceSettings): Promise<Image[]> {
  const { Images = [] } = await ec2.send(
    new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: `tag:${TAGS.appliance}`, Values: [name] }] }),
  );
  return Images.map(({ ImageId = "", State = "", CreationDate = "", BlockDeviceMappings = [], Tags }) => {
    const volumes = BlockDeviceMappings.flatMap(({ Ebs }) => (Ebs ? [Ebs] : []));
    return {
      id: ImageId,
      state: State,
      createdAtMs: Date.parse(CreationDate),
      isEncrypted: volumes.every(({ Encrypted }) => Encrypted === true),
      snapshotIds: volumes.flatMap(({ SnapshotId }) => (SnapshotId ? [SnapshotId] : [])),
      tags: toTags(Tags),
    };
  }).sort((a, b) => b.createdAtMs - a.createdAtMs);
}

function toTags(tags: readonly { Key?: string; Value?: string }[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

function uniqueById<T extends { readonly id: string }>(all: readonly T[]): T[] {
  const seen = new Set<string>();
  return all.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function only<T>(found: readonly T[]): T {
  return found[0] as T;
}

function notFound(what: string, selector: string, where = ""): ApplianceError {
  return new ApplianceError("not-found", `no ${what} "${selector}"${where}; mend the site file, or the tag`);
}
