// What is seen of an appliance, as plain data: the plans are functions of it.

export type InstanceState = "pending" | "running" | "shutting-down" | "terminated" | "stopping" | "stopped";

export interface NetworkInterface {
  readonly id: string;
  readonly isPrimary: boolean;
  readonly groupIds: readonly string[];
  readonly isSourceDestChecked: boolean;
}

export interface Instance {
  readonly id: string;
  readonly state: InstanceState;
  /** `copy`: an earlier run started it from an image. */
  readonly role: "primary" | "standby" | "copy";
  readonly type: string;
  readonly zone: string;
  readonly privateIp?: string;
  readonly launchedAtMs: number;
  readonly keyName?: string;
  readonly profileArn?: string;
  readonly httpTokens?: "optional" | "required";
  /** The primary one first. */
  readonly interfaces: readonly NetworkInterface[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface Address {
  readonly allocationId: string;
  readonly publicIp: string;
  readonly instanceId?: string;
  readonly networkInterfaceId?: string;
}

export interface RouteTable {
  readonly id: string;
  /** The interface that each destination leads to; undefined: it leads elsewhere. */
  readonly routes: ReadonlyMap<string, string | undefined>;
}

export interface Image {
  readonly id: string;
  readonly state: string;
  readonly createdAtMs: number;
  readonly isEncrypted: boolean;
  readonly snapshotIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A switch that has begun. It is written down before anything moves, so that whoever comes next ends it the same way. */
export interface Run {
  readonly id: string;
  readonly kind: "failover" | "failback";
  /** The instance that served when it began. */
  readonly from?: string;
  /** The instance that takes over; none where a copy is started for it. */
  readonly target?: string;
  readonly reason: string;
  readonly startedAtMs: number;
}

/** What is remembered of an appliance between runs. */
export interface ApplianceRecord {
  readonly run?: Run;
  readonly activeId?: string;
  /** Where a fail-back leads. */
  readonly homeId?: string;
  readonly lastSwitchAtMs?: number;
  readonly lastOutcome?: string;
  readonly maintenance?: { readonly untilMs: number; readonly reason: string };
}

export interface World {
  /** Everything that is, or was, the appliance: found by its selectors and by the copies' tag. */
  readonly instances: readonly Instance[];
  readonly address: Address;
  readonly routeTables: readonly RouteTable[];
  /** In the order in which they are tried. */
  readonly subnets: readonly { readonly id: string; readonly zone: string }[];
  readonly groupIds: readonly string[];
  /** None where the appliance's stack is not deployed. */
  readonly quarantineGroupId?: string;
  /** Newest first. */
  readonly images: readonly Image[];
  readonly record: ApplianceRecord;
}

/** The member that holds the floating address. */
export function holderOf({ instances, address }: Pick<World, "instances" | "address">): Instance | undefined {
  return instances.find(
    ({ id, interfaces }) =>
      id === address.instanceId || interfaces.some((one) => one.id === address.networkInterfaceId),
  );
}
