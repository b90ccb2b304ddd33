import { brokenInsideRule, deriveInsideCidrs, findFreeInsideCidr } from "../inside-cidrs";
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
  const owners = new Map<string, Use>();
  const problems: Problem[] = [];
  for (const use of uses) {
    const rule = use.isGiven ? brokenInsideRule(use.cidr, use.cloud) : undefined;
    if (rule)
      problems.push({
        path: use.path,
        rule,
        got: use.cidr,
        fix: `use for example ${use.cloud === "azure" ? "169.254.21.0/30" : "169.254.64.0/30"}`,
      });
    const slots = use.scopes.map((scope) => `${scope} ${use.cidr}`);
    const owner = slots.map((slot) => owners.get(slot)).find((found) => found !== undefined);
    if (owner) problems.push(collision(use, owner, owners));
    for (const slot of slots) if (!owners.has(slot)) owners.set(slot, use);
  }
  return problems;
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
  const derived = deriveInsideCidrs(key, cloud);
  return ([1, 2] as const).map((number) => ({
    path: ["connections", key, "tunnels", String(number), "insideCidr"],
    cidr: tunnels[number].insideCidr ?? (derived[number - 1] as Cidr),
    isGiven: tunnels[number].insideCidr !== undefined,
    cloud,
    scopes: [`controllers.${controller}`, network],
  }));
}

function collision(use: Use, owner: Use, owners: ReadonlyMap<string, Use>): Problem {
  const free = findFreeInsideCidr(use.cloud, (cidr) => use.scopes.some((scope) => owners.has(`${scope} ${cidr}`)));
  const origin = use.isGiven ? "" : " (derived from the connection's name)";
  return {
    path: use.path,
    rule: `must be unique on a controller and on a cloud's gateway, and ${owner.path.join(".")} has it too`,
    got: `${use.cidr}${origin}`,
    fix: free ? `write insideCidr: ${free} on the newer of the two` : "the pool is used up: write one by hand",
  };
}
