import { resourceName } from "./resource-names";
import type { ApplianceInput } from "./schema/appliances";
import type { Key } from "./values/key";

/** An EC2 instance that is a VPN server, and what takes over from it. */
export interface Appliance extends ApplianceInput {
  readonly key: Key;
}

/** What of an appliance's begins with, and the value of its tags. */
export function applianceName(site: string, key: string): string {
  return resourceName(site, `appliance-${key}`);
}

/** Terraform makes the group, the functions and the commands find it by its Name tag. */
function quarantineName(name: string): string {
  return `${name}-quarantine`;
}

/** What the functions and the commands need to know: functions/common/appliance/settings.ts is its shape. */
export function toApplianceSettings(site: string, appliance: Appliance) {
  const { key, strategy, service, detection, stamps } = appliance;
  const name = applianceName(site, key);
  return {
    name,
    site,
    key,
    region: appliance.region,
    vpc: appliance.vpc,
    instance: appliance.instance,
    strategy,
    standby: appliance.standby,
    subnets: [...appliance.subnets],
    address: appliance.address,
    clientRanges: [...appliance.clientRanges],
    routeTables: [...appliance.routeTables],
    securityGroups: [...appliance.securityGroups],
    quarantineGroup: quarantineName(name),
    types: [...appliance.types],
    profile: appliance.profile,
    keyName: appliance.keyName,
    kmsKey: appliance.kmsKey,
    service:
      service.protocol === "udp"
        ? { protocol: "udp" as const, port: service.port, payloadHex: service.payload }
        : service,
    verifySeconds: appliance.verifySeconds,
    holdDownMinutes: appliance.holdDownMinutes,
    maintenance: { windows: [...appliance.maintenance.windows], timeZone: appliance.maintenance.timeZone },
    probe: {
      isDeployed: detection.probeSubnets.length > 0,
      intervalSeconds: detection.probeSeconds,
      failures: detection.probeFailures,
    },
    ...(strategy === "stamp" && {
      stamps: {
        by: stamps.by,
        everyHours: stamps.everyHours,
        isRebooted: stamps.reboot,
        staleHours: stamps.staleHours,
        keep: stamps.keep,
        keepDays: stamps.keepDays,
        isEncrypted: stamps.encrypt,
        bootTestSubnet: stamps.bootTestSubnet,
      },
    }),
  };
}
