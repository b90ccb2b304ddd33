import type { Problem } from "../problems";
import type { Cloud } from "../proposals";
import { longestName, NAME_LIMITS } from "../resource-names";
import { cloudOf, type Draft } from "./draft";

/** The longest name that a stack gives to a resource fits the cloud's limit. */
export function namesFit(draft: Draft): Problem[] {
  const { site } = draft;
  if (site === undefined) return [];
  const networks = (["aws", "oracle", "azure"] as const).flatMap((cloud) =>
    [...draft[cloud].keys()].flatMap((key) => tooLong(["networks", cloud, key], site, cloud, "network")),
  );
  const connections = [...draft.connections].flatMap(([key, { network }]) =>
    tooLong(["connections", key], site, cloudOf(network), "connection"),
  );
  return [...networks, ...connections];
}

function tooLong(path: readonly string[], site: string, cloud: Cloud, of: "network" | "connection"): Problem[] {
  const { most, what, suffix } = NAME_LIMITS[cloud][of];
  const name = longestName(site, path.at(-1) as string, suffix);
  if (name.length <= most) return [];
  const rule = `must make names of at most ${most} characters (${what})`;
  return [{ path, rule, got: name, fix: "use a shorter key or site name" }];
}

/** A catalog has one name space a provider: every subnet of a provider's networks has a name of its own. */
export function catalogNamesAreUnique(draft: Draft): Problem[] {
  return (["aws", "oracle", "azure", "sakura", "openstack", "onpremises"] as const).flatMap((provider) => {
    const seen = new Map<string, string>();
    return [...draft[provider]].flatMap(([key, network]) =>
      Object.keys(network.subnets).flatMap((name) => {
        const path = ["networks", provider, key, "subnets", name];
        const first = seen.get(name);
        seen.set(name, first ?? path.join("."));
        if (first === undefined) return [];
        const rule = `must have a name of its own in the VPN catalog, and ${first} has it too`;
        return [{ path, rule, fix: `rename one, for example ${key}-${name}` }];
      }),
    );
  });
}
