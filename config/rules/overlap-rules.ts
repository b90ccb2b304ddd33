import type { Problem } from "../problems";
import type { Cidr } from "../values/cidr";
import type { IpAddress } from "../values/ip-address";
import { cloudEnds, type Draft } from "./draft";
import { findOverlaps, type PrefixUse } from "./find-overlaps";

interface Use extends PrefixUse {
  readonly kind: "lan" | "address" | "cloud" | "catalog";
}

/**
 * No prefix of a network overlaps another's or a controller's, and no controller stands inside a cloud's prefix: packets
 * would have two ways to go, or the tunnel's own packets would go into the tunnel.
 */
export function prefixesDoNotOverlap(draft: Draft): Problem[] {
  return findOverlaps([...prefixes(draft), ...addresses(draft)], mayOverlap).map(({ inner, outer }) => {
    const name = `${outer.path.join(".")} (${outer.cidr})`;
    if (inner.kind === "address") {
      const fix = "a controller can't stand in a prefix that is reached through it; correct one of the two";
      return { path: inner.path, rule: `must not lie in ${name}`, got: inner.cidr.slice(0, -"/32".length), fix };
    }
    return {
      path: inner.path,
      rule: `must not overlap ${name}`,
      got: inner.cidr,
      fix: "give each network and site its own prefix",
    };
  });
}

function mayOverlap(inner: Use, outer: Use): boolean {
  switch (inner.kind) {
    case "address":
      return outer.kind !== "cloud";
    case "lan":
      // Two controllers at one site may both lead to the same LAN.
      return outer.kind === "address" || (outer.kind === "lan" && inner.cidr === outer.cidr);
    case "catalog":
      // Existing machines on a controller's own LAN.
      return outer.kind === "address" || outer.kind === "lan";
    case "cloud":
      return false;
  }
}

/** The prefixes that a site knows of: the controllers', the clouds' and the catalog's. */
export function prefixes(draft: Draft): Use[] {
  return [
    ...[...draft.controllers].flatMap(([key, { subnets }]) =>
      subnets.map(
        (cidr, at): Use => ({
          path: ["controllers", key, "subnets", at],
          cidr,
          owner: `controllers/${key}`,
          kind: "lan",
        }),
      ),
    ),
    ...cloudEnds(draft).map(({ id, path, cidr }): Use => ({ path: [...path, "cidr"], cidr, owner: id, kind: "cloud" })),
    ...(["sakura", "openstack", "onpremises"] as const).flatMap((provider) =>
      [...draft[provider]].flatMap(([key, network]) =>
        Object.entries(network.subnets).flatMap(([name, { cidr }]): Use[] =>
          cidr === undefined
            ? []
            : [
                {
                  path: ["networks", provider, key, "subnets", name, "cidr"],
                  cidr,
                  owner: `${provider}/${key}`,
                  kind: "catalog",
                },
              ],
        ),
      ),
    ),
  ];
}

function addresses(draft: Draft): Use[] {
  return [...draft.controllers].flatMap(([key, controller]) =>
    (["publicIp", "privateIp"] as const).map(
      (field): Use => ({
        path: ["controllers", key, field],
        cidr: asCidr(controller[field]),
        owner: `controllers/${key}`,
        kind: "address",
      }),
    ),
  );
}

function asCidr(address: IpAddress): Cidr {
  return `${address}/32` as Cidr;
}
