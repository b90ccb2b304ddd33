import { brokenInsideRule, insideCidrPool, insideCidrsOf } from "../inside-cidrs";
import type { Problem } from "../problems";
import type { Cloud } from "../proposals";
import type { Cidr } from "../values/cidr";
import { cloudOf, type Draft } from "./draft";

interface Use {
  readonly path: readonly string[];
  readonly cidr: Cidr;
  readonly isGiven: boolean;
  readonly cloud: Cloud;
  /** The gateways at both ends, on each of which an inside CIDR must be unique. */
  readonly scopes: readonly string[];
}

/** Inside CIDRs are such as the cloud takes, and unique on a controller and on a cloud's gateway. */
export function insideCidrsFit(draft: Draft): Problem[] {
  const uses = [...draft.connections].flatMap(([key, connection]) => usesOf(key, connection));
  return [...uses.flatMap(formProblems), ...collisionProblems(uses)];
}

function usesOf(
  key: string,
  {
    controller,
    network,
    tunnels,
  }: { controller: string; network: string; tunnels: Record<1 | 2, { insideCidr?: Cidr }> },
): Use[] {
  const cloud = cloudOf(network);
  return insideCidrsOf(key, cloud, tunnels).map((cidr, at) => ({
    path: ["connections", key, "tunnels", String(at + 1), "insideCidr"],
    cidr,
    isGiven: tunnels[at === 0 ? 1 : 2].insideCidr !== undefined,
    cloud,
    scopes: [`controllers.${controller}`, network],
  }));
}

function formProblems({ path, cidr, isGiven, cloud }: Use): Problem[] {
  const rule = isGiven ? brokenInsideRule(cidr, cloud) : undefined;
  return rule
    ? [{ path, rule, got: cidr, fix: `use for example ${cloud === "azure" ? "169.254.21.0/30" : "169.254.64.0/30"}` }]
    : [];
}

function collisionProblems(uses: readonly Use[]): Problem[] {
  const owners = new Map<string, Use>();
  const slotsOf = (use: Use, cidr = use.cidr): string[] => use.scopes.map((scope) => `${scope} ${cidr}`);
  const collisions: { use: Use; owner: Use }[] = [];
  for (const use of uses) {
    const slots = slotsOf(use);
    const owner = slots.map((slot) => owners.get(slot)).find((found) => found !== undefined);
    if (owner) collisions.push({ use, owner });
    for (const slot of slots) if (!owners.has(slot)) owners.set(slot, use);
  }
  // Each piece of advice keeps what it names, so that following all of them leaves no collision.
  const pools = new Map<string, Generator<Cidr, undefined>>();
  const findFree = (use: Use): Cidr | undefined => {
    const name = use.scopes.join(" ");
    const pool = pools.get(name) ?? insideCidrPool(use.cloud);
    pools.set(name, pool);
    for (let next = pool.next(); !next.done; next = pool.next()) {
      const slots = slotsOf(use, next.value);
      if (slots.some((slot) => owners.has(slot))) continue;
      for (const slot of slots) owners.set(slot, use);
      return next.value;
    }
    return undefined;
  };
  return collisions.map(({ use, owner }) => toProblem(use, owner, findFree(use)));
}

function toProblem(use: Use, owner: Use, free: Cidr | undefined): Problem {
  return {
    path: use.path,
    rule: `must be unique on a controller and on a cloud's gateway, and ${owner.path.join(".")} has it too`,
    got: use.isGiven ? use.cidr : `${use.cidr} (derived from the connection's name)`,
    fix: free ? `write insideCidr: ${free} on the newer of the two` : "the pool is used up: write one by hand",
  };
}
