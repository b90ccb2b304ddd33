import { isThere } from "../common/appliance/active";
import { ApplianceError } from "../common/appliance/errors";
import { newestUsable } from "../common/appliance/images";
import { type ApplianceSettings, TAGS } from "../common/appliance/settings";
import {
  holderOf,
  type Image,
  type Instance,
  type NetworkInterface,
  type Run,
  type World,
} from "../common/appliance/world";
import { refuseStrangers } from "./decide";
import { type LaunchSpec, planLaunch } from "./plan-launch";

/** One thing to do. Each can be done twice without harm. */
export type Step =
  | { readonly kind: "isolate"; readonly networkInterfaceId: string; readonly groupId: string }
  | { readonly kind: "stop"; readonly instanceId: string }
  | { readonly kind: "launch"; readonly spec: LaunchSpec }
  | { readonly kind: "start"; readonly instanceId: string; readonly types: readonly string[] }
  | { readonly kind: "await"; readonly instanceId: string; readonly until: "fenced" | "running" | "stopped" }
  | { readonly kind: "disable-source-dest-check"; readonly networkInterfaceId: string }
  | { readonly kind: "set-groups"; readonly networkInterfaceId: string; readonly groupIds: readonly string[] }
  | {
      readonly kind: "associate";
      readonly allocationId: string;
      readonly networkInterfaceId: string;
      /** The fenced instance's interface that the address lies on; none: it lies nowhere. */
      readonly holderInterfaceId?: string;
      /** Only where the address lies on an instance that is fenced. */
      readonly allowReassociation: boolean;
    }
  | {
      readonly kind: "route";
      readonly routeTableId: string;
      readonly cidr: string;
      readonly networkInterfaceId: string;
      readonly exists: boolean;
    }
  | { readonly kind: "verify"; readonly host: string; readonly isRequired: boolean }
  | { readonly kind: "tag"; readonly instanceId: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: "untag"; readonly instanceId: string; readonly keys: readonly string[] }
  | { readonly kind: "finish"; readonly activeId: string; readonly homeId: string };

/** Steps that may be done at the same time. */
export type Stage = readonly Step[];

/** Stand-ins for what is not known before a copy exists. Nothing is ever executed with them. */
export const NOT_YET: Instance = {
  id: "(the new instance)",
  state: "pending",
  role: "copy",
  type: "",
  zone: "",
  privateIp: "(the new instance's address)",
  launchedAtMs: 0,
  interfaces: [{ id: "(the new instance's interface)", isPrimary: true, groupIds: [], isSourceDestChecked: true }],
  tags: {},
};

/**
 * What is still to be done, from what is seen now. A run that died is gone on with by planning again: what is done
 * already is not in the plan any more.
 * @throws ApplianceError where the run can't go on
 */
export function plan(world: World, settings: ApplianceSettings, run: Run): readonly Stage[] {
  refuseStrangers(world);
  const target = targetOf(world, settings, run);
  const others = world.instances.filter(({ id, state }) => id !== target?.id && isThere(state));
  const hasBegun = others.every((one) => isIsolated(one, world) || isStopped(one));
  const fence = [fenceStage(others, world), awaitFence(others, world)];
  const prepare = [startStage(world, settings, run, target), awaitRunning(target), settle(world, target ?? NOT_YET)];
  const move = moveStage(world, settings, target ?? NOT_YET, others);
  const verify = (isRequired: boolean): Stage => [
    { kind: "verify", host: (target ?? NOT_YET).privateIp ?? "", isRequired },
  ];
  // The way back is no emergency: the one that serves is stopped only when the other answers.
  const first =
    run.kind === "failback"
      ? [...prepare, ...(hasBegun ? [] : [verify(true)]), ...fence]
      : [
          fence[0] as Stage,
          ...prepare.slice(0, 1),
          [...(fence[1] as Stage), ...(prepare[1] as Stage)],
          ...prepare.slice(2),
        ];
  return [
    ...first,
    move,
    verify(false),
    tagStage(settings, target ?? NOT_YET, others),
    [{ kind: "finish", activeId: (target ?? NOT_YET).id, homeId: homeOf(world, run, target ?? NOT_YET) } as const],
  ].filter((stage) => stage.length > 0);
}

/** With stamps: the copy that this run started. One that died at once is replaced by another. */
function targetOf({ instances }: World, { strategy }: ApplianceSettings, run: Run): Instance | undefined {
  if (strategy === "stamp" && run.kind === "failover")
    return instances.find(({ tags, state }) => tags[TAGS.run] === run.id && isThere(state));
  const target = instances.find(({ id, state }) => id === run.target && isThere(state));
  if (!target) throw new ApplianceError("no-target", `${run.target}, which was to take over, is gone`);
  return target;
}

/** No traffic first, which works at once; then the stop, which may take minutes on failed hardware. */
function fenceStage(others: readonly Instance[], world: World): Stage {
  const { quarantineGroupId } = world;
  return others
    .filter((one) => !isStopped(one))
    .flatMap((one): Step[] => [
      ...(quarantineGroupId === undefined || isIsolated(one, world)
        ? []
        : one.interfaces.map(
            ({ id }): Step => ({ kind: "isolate", networkInterfaceId: id, groupId: quarantineGroupId }),
          )),
      ...(one.state === "stopping" ? [] : [{ kind: "stop", instanceId: one.id } as const]),
    ]);
}

function awaitFence(others: readonly Instance[], world: World): Stage {
  return others
    .filter((one) => !isFenced(one, world))
    .map(({ id }) => ({ kind: "await", instanceId: id, until: "fenced" }));
}

/** It can do no harm: it is stopped, or about to be and cut off meanwhile. */
function isFenced(instance: Instance, world: World): boolean {
  return isStopped(instance) || (instance.state === "stopping" && isIsolated(instance, world));
}

function isStopped({ state }: Instance): boolean {
  return state === "stopped" || !isThere(state);
}

function isIsolated({ interfaces }: Instance, { quarantineGroupId }: World): boolean {
  return interfaces.every(({ groupIds }) => groupIds.length === 1 && groupIds[0] === quarantineGroupId);
}

function startStage(world: World, settings: ApplianceSettings, run: Run, target: Instance | undefined): Stage {
  if (!target) return [{ kind: "launch", spec: planLaunch(world, settings, run, imageToStart(world, settings)) }];
  if (target.state === "stopping") return [{ kind: "await", instanceId: target.id, until: "stopped" }];
  if (target.state !== "stopped") return [];
  return [{ kind: "start", instanceId: target.id, types: settings.types.filter((type) => type !== target.type) }];
}

function awaitRunning(target: Instance | undefined): Stage {
  return target?.state === "running" ? [] : [{ kind: "await", instanceId: target?.id ?? NOT_YET.id, until: "running" }];
}

/** A router must take packets that are not its own; and it comes out of the quarantine that an earlier run put it in. */
function settle({ groupIds, quarantineGroupId = "" }: World, { interfaces }: Instance): Stage {
  const isWrong = ({ isPrimary, groupIds: has }: NetworkInterface) =>
    has.length > 0 && (has.includes(quarantineGroupId) || (isPrimary && !isSameSet(has, groupIds)));
  return interfaces.flatMap((one): Step[] => [
    ...(one.isSourceDestChecked ? [{ kind: "disable-source-dest-check", networkInterfaceId: one.id } as const] : []),
    ...(isWrong(one) ? [{ kind: "set-groups", networkInterfaceId: one.id, groupIds } as const] : []),
  ]);
}

function moveStage(
  world: World,
  { clientRanges }: ApplianceSettings,
  target: Instance,
  others: readonly Instance[],
): Stage {
  const { address, routeTables } = world;
  const networkInterfaceId = target.interfaces[0]?.id ?? "";
  const holder = holderOf(world);
  const isHere = address.networkInterfaceId === networkInterfaceId || holder?.id === target.id;
  return [
    ...(isHere
      ? []
      : [
          {
            kind: "associate",
            allocationId: address.allocationId,
            networkInterfaceId,
            holderInterfaceId: address.networkInterfaceId,
            allowReassociation: holder !== undefined && others.includes(holder),
          } as const,
        ]),
    ...routeTables.flatMap(({ id, routes }) =>
      clientRanges
        .filter((cidr) => routes.get(cidr) !== networkInterfaceId)
        .map(
          (cidr) => ({ kind: "route", routeTableId: id, cidr, networkInterfaceId, exists: routes.has(cidr) }) as const,
        ),
    ),
  ];
}

function tagStage({ name }: ApplianceSettings, target: Instance, others: readonly Instance[]): Stage {
  return [
    ...(target.tags[TAGS.active] === name
      ? []
      : [{ kind: "tag", instanceId: target.id, tags: { [TAGS.active]: name } } as const]),
    ...others
      .filter(({ tags }) => tags[TAGS.active] !== undefined)
      .map(({ id }) => ({ kind: "untag", instanceId: id, keys: [TAGS.active] }) as const),
  ];
}

/** Home stays what it was while it is there; else it is where this run began. */
function homeOf({ instances, record }: World, run: Run, target: Instance): string {
  const isKept = instances.some(({ id, state }) => id === record.homeId && isThere(state));
  return (isKept ? record.homeId : run.from) ?? target.id;
}

function imageToStart({ images }: World, settings: ApplianceSettings): Image {
  const image = newestUsable(images, settings);
  if (!image)
    throw new ApplianceError(
      "no-image",
      `there is no usable image with the tag ${TAGS.appliance}=${settings.name}; take one by hand and tag it so`,
    );
  return image;
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
