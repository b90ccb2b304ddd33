import { type ApplianceSettings, TAGS } from "../../../functions/common/appliance/settings";
import type { Image, Instance, World } from "../../../functions/common/appliance/world";

export const NAME = "demo-appliance-vpn";

export function sampleSettings(changes: Partial<ApplianceSettings> = {}): ApplianceSettings {
  return {
    name: NAME,
    site: "demo",
    key: "vpn",
    region: "ap-northeast-1",
    vpc: "demo-tokyo",
    instance: "vpn",
    strategy: "standby",
    standby: "vpn-standby",
    subnets: [],
    address: "eipalloc-1",
    clientRanges: ["10.242.2.0/24"],
    routeTables: ["role=clients"],
    securityGroups: ["vpn"],
    quarantineGroup: `${NAME}-quarantine`,
    types: [],
    service: { protocol: "tcp", port: 443 },
    verifySeconds: 120,
    holdDownMinutes: 30,
    maintenance: { windows: [], timeZone: "UTC" },
    probe: { isDeployed: true, intervalSeconds: 5, failures: 3 },
    ...changes,
  };
}

export const STAMPS: NonNullable<ApplianceSettings["stamps"]> = {
  by: "function",
  everyHours: 24,
  isRebooted: false,
  staleHours: 48,
  keep: 3,
  keepDays: 30,
  isEncrypted: false,
};

export function stampSettings(changes: Partial<NonNullable<ApplianceSettings["stamps"]>> = {}): ApplianceSettings {
  return sampleSettings({
    strategy: "stamp",
    standby: undefined,
    subnets: ["a", "c"],
    stamps: { ...STAMPS, ...changes },
  });
}

export function sampleInstance(id: string, changes: Partial<Instance> = {}): Instance {
  return {
    id,
    state: "running",
    role: "primary",
    type: "c6i.large",
    zone: "ap-northeast-1a",
    privateIp: "172.30.1.10",
    launchedAtMs: 0,
    interfaces: [{ id: `eni-of-${id}`, isPrimary: true, groupIds: ["sg-vpn"], isSourceDestChecked: false }],
    tags: {},
    ...changes,
  };
}

/** i-a serves; i-c waits. */
export function sampleWorld(changes: Partial<World> = {}): World {
  return {
    instances: [
      sampleInstance("i-a", { tags: { [TAGS.active]: NAME } }),
      sampleInstance("i-c", { role: "standby", zone: "ap-northeast-1c", privateIp: "172.30.2.10" }),
    ],
    address: {
      allocationId: "eipalloc-1",
      publicIp: "203.0.113.9",
      instanceId: "i-a",
      networkInterfaceId: "eni-of-i-a",
    },
    routeTables: [{ id: "rtb-1", routes: new Map([["10.242.2.0/24", "eni-of-i-a"]]) }],
    subnets: [
      { id: "subnet-a", zone: "ap-northeast-1a" },
      { id: "subnet-c", zone: "ap-northeast-1c" },
    ],
    groupIds: ["sg-vpn"],
    quarantineGroupId: "sg-quarantine",
    images: [],
    record: {},
    ...changes,
  };
}

export function sampleImage(id: string, changes: Partial<Image> = {}): Image {
  return {
    id,
    state: "available",
    createdAtMs: 0,
    isEncrypted: false,
    snapshotIds: [`snap-of-${id}`],
    tags: { [TAGS.appliance]: NAME },
    ...changes,
  };
}
