import { resolveRelay } from "./roads";
import type { Site } from "./site";

/**
 * AWS regions in which this site sets the role that API Gateway writes its logs as, in a steady order. It is one setting for a
 * whole account and region, so that no stack of one API may own it.
 */
export function apiLogRegions(site: Site): readonly string[] {
  return [...new Set(SECTIONS.flatMap((section) => section(site)))].sort();
}

/** Each section with REST APIs says where it wants the setting. */
const SECTIONS: readonly ((site: Site) => readonly string[])[] = [relays, activationApis];

function relays(site: Site): string[] {
  return site.relays.flatMap((relay) => {
    const { network } = resolveRelay(site, relay);
    return relay.manageLogRole && network.provider === "aws" ? [network.region] : [];
  });
}

function activationApis({ activations }: Site): string[] {
  return activations.flatMap(({ manageLogRole, region }) => (manageLogRole ? [region] : []));
}
