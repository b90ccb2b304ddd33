import type { Problem } from "../problems";
import { type Cidr, doCidrsOverlap, doesCidrContainAddress, parseCidr } from "../values/cidr";
import { cloudEnds, type Draft } from "./draft";
import { prefixes } from "./overlap-rules";

/** Prefixes that mean something else everywhere. @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const SPECIAL_PREFIXES: readonly Cidr[] = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(parseCidr);

export function prefixesAreUsable(draft: Draft): Problem[] {
  return prefixes(draft).flatMap(({ path, cidr }) => {
    const special = SPECIAL_PREFIXES.find((prefix) => doCidrsOverlap(prefix, cidr));
    return special
      ? [
          {
            path,
            rule: `must not overlap ${special}, which has another meaning`,
            got: cidr,
            fix: "use for example 10.10.0.0/16",
          },
        ]
      : [];
  });
}

/** A probe is an address of the network that it probes. */
export function probesLieInside(draft: Draft): Problem[] {
  const ends = new Map(cloudEnds(draft).map((end) => [end.id, end]));
  return [...draft.connections].flatMap(([key, { probe, network }]) => {
    const end = ends.get(network);
    if (!probe || !end || doesCidrContainAddress(end.cidr, probe)) return [];
    return [
      {
        path: ["connections", key, "probe"],
        rule: `must be an address in ${network}'s ${end.cidr}`,
        got: probe,
        fix: "use a host that answers ping",
      },
    ];
  });
}
