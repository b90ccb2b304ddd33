import { holderOf, type Instance, type World } from "./world";

/** Who serves: the address tells; without it the record does, then the only one that runs. */
export function activeOf(world: Pick<World, "instances" | "address" | "record">): Instance | undefined {
  const holder = holderOf(world);
  if (holder) return holder;
  const recorded = world.instances.find(({ id }) => id === world.record.activeId);
  if (recorded) return recorded;
  const running = world.instances.filter(({ state, role }) => state === "running" && role !== "standby");
  return running.length === 1
    ? running[0]
    : world.instances.find(({ role, state }) => role === "primary" && isThere(state));
}

export function isThere(state: Instance["state"]): boolean {
  return state !== "terminated" && state !== "shutting-down";
}
