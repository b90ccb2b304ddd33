import type { Problem } from "../problems";
import { type Cidr, doCidrsOverlap } from "../values/cidr";
import type { Draft } from "./draft";

interface Reached {
  readonly path: readonly (string | number)[];
  readonly cidr: Cidr;
  /** Prefixes of one owner are one VPC's, or one controller's. */
  readonly owner: string;
}

/**
 * A VPC outside this file overlaps nothing that the network already reaches: AWS refuses a peering whose ends overlap, and
 * of two ways to one prefix a route table takes one without a word. Networks of the file are compared by `prefixesDoNotOverlap`.
 * @see https://docs.aws.amazon.com/vpc/latest/peering/invalid-peering-configurations.html
 */
export function peersDoNotOverlap(draft: Draft): Problem[] {
  const reached = new Map<string, Reached[]>();
  return [...draft.peerings].flatMap(([key, peering]): Problem[] => {
    if (peering.type !== "vpc" || peering.peerVpc === undefined) return [];
    const { network, peerVpc } = peering;
    const known = reached.get(network) ?? reachOf(draft, network);
    reached.set(network, known);
    const own = peerVpc.cidrs.map((cidr, at) => ({
      path: ["peerings", key, "peerVpc", "cidrs", at],
      cidr,
      owner: peerVpc.vpcId,
    }));
    const problems = own.flatMap(({ path, cidr, owner }): Problem[] => {
      const other = known.find((one) => one.owner !== owner && doCidrsOverlap(one.cidr, cidr));
      if (!other) return [];
      const rule = `must not overlap ${other.path.join(".")} (${other.cidr}), which ${network} reaches`;
      return [
        {
          path,
          rule,
          got: cidr,
          fix: "peering can't translate addresses: renumber one side, or join them by a service endpoint",
        },
      ];
    });
    known.push(...own);
    return problems;
  });
}

/** The network itself, the sites behind its connections, and the networks that it is joined to. */
function reachOf(draft: Draft, network: string): Reached[] {
  const controllers = [...draft.connections.values()]
    .filter((one) => one.network === network)
    .map((one) => one.controller);
  const joined = [...draft.peerings.values()].flatMap((peering) => {
    const ids = peering.type === "transit" ? peering.networks : [peering.network, peering.peerNetwork];
    return ids.includes(network) ? ids : [];
  });
  return [
    ...[...new Set([network, ...joined])].flatMap((id): Reached[] => {
      const key = String(id).slice("aws/".length);
      const cidr = draft.aws.get(key)?.cidr;
      return cidr === undefined ? [] : [{ path: ["networks", "aws", key, "cidr"], cidr, owner: String(id) }];
    }),
    ...[...new Set(controllers as string[])].flatMap((key) =>
      (draft.controllers.get(key)?.subnets ?? []).map(
        (cidr, at): Reached => ({ path: ["controllers", key, "subnets", at], cidr, owner: `controllers/${key}` }),
      ),
    ),
  ];
}
