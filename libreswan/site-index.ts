import type { Connection, Site } from "../config/site";
import type { Cidr } from "../config/values/cidr";

/** A site's connections by what they join: looked up for each controller, and made once for all of them. */
export interface SiteIndex {
  /** By the controller's key. */
  readonly connectionsOf: ReadonlyMap<string, readonly Connection[]>;
  /** By the network's id: the prefixes that all controllers together announce to it. */
  readonly announcedTo: ReadonlyMap<string, ReadonlySet<Cidr>>;
}

export function indexSite(site: Site): SiteIndex {
  const connectionsOf = new Map<string, Connection[]>();
  const announcedTo = new Map<string, Set<Cidr>>();
  for (const connection of site.connections) {
    const { controller, network } = connection;
    entry(connectionsOf, controller.key, () => []).push(connection);
    const announced = entry(announcedTo, network.id, () => new Set<Cidr>());
    for (const subnet of controller.subnets) announced.add(subnet);
  }
  return { connectionsOf, announcedTo };
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
