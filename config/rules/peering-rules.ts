import { isPeerManaged } from "../peering";
import type { Problem } from "../problems";
import { adviseKey } from "../schema/to-problems";
import { prefixLength } from "../values/cidr";
import type { Draft } from "./draft";

type Entry = Draft["peerings"] extends ReadonlyMap<string, infer E> ? E : never;
type VpcEntry = Extract<Entry, { type: "vpc" }>;
type TransitEntry = Extract<Entry, { type: "transit" }>;
type Path = readonly (string | number)[];

/** Cross-field rules of `peerings`, but for overlaps. */
export function peeringsFit(draft: Draft): Problem[] {
  return [...draft.peerings].flatMap(([key, peering]) => {
    const path = ["peerings", key];
    return [
      ...namesOf(peering).flatMap(({ at, id }) => missingNetwork(draft, [...path, ...at], id)),
      ...namesOf(peering).flatMap(({ at, id }) => missingRouteTables(draft, [...path, ...at], id)),
      ...(peering.type === "vpc" ? peerProblems(path, peering) : transitProblems(draft, path, peering)),
      ...peering.allow.flatMap((allowed, at) => portProblems([...path, "allow", at], allowed)),
    ];
  });
}

function namesOf(peering: Entry): { readonly at: Path; readonly id: string }[] {
  if (peering.type === "transit") return peering.networks.map((id, at) => ({ at: ["networks", at], id }));
  return [
    { at: ["network"], id: peering.network },
    ...(peering.peerNetwork === undefined ? [] : [{ at: ["peerNetwork"], id: peering.peerNetwork }]),
  ];
}

function missingNetwork({ declared }: Draft, path: Path, id: string): Problem[] {
  if (declared.networks.has(id)) return [];
  const known = [...declared.networks].filter((name) => name.startsWith("aws/"));
  return [{ path, rule: "must name an AWS network of this file", got: id, fix: adviseKey(id, known) }];
}

/** Of an existing VPC only the tables that the file names are touched. */
function missingRouteTables({ aws }: Draft, path: Path, id: string): Problem[] {
  const key = id.slice("aws/".length);
  const existing = aws.get(key)?.existing;
  if (!existing || existing.routeTableIds.length > 0) return [];
  const fix = `add the tables that shall know the way to networks.aws.${key}.existing.routeTableIds`;
  return [{ path, rule: "must name a network whose route tables are known", got: id, fix }];
}

function peerProblems(path: Path, { network, peerNetwork, peerVpc }: VpcEntry): Problem[] {
  if (peerNetwork !== undefined && peerVpc !== undefined) {
    return [{ path: [...path, "peerVpc"], rule: "must not be given beside peerNetwork", fix: "remove one of the two" }];
  }
  if (peerNetwork === network) {
    return [{ path: [...path, "peerNetwork"], rule: "must differ from network", got: network, fix: "name another" }];
  }
  if (peerNetwork !== undefined) return [];
  if (peerVpc === undefined) {
    return [
      { path: [...path, "peerNetwork"], rule: "is required without peerVpc", fix: "add peerNetwork, or peerVpc" },
    ];
  }
  return peerVpcProblems([...path, "peerVpc"], peerVpc);
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const [LARGEST_VPC, SMALLEST_VPC] = [16, 28];

function peerVpcProblems(path: Path, peer: NonNullable<VpcEntry["peerVpc"]>): Problem[] {
  const sizes = peer.cidrs.flatMap((cidr, at): Problem[] => {
    const length = prefixLength(cidr);
    if (LARGEST_VPC <= length && length <= SMALLEST_VPC) return [];
    const rule = `must be a VPC's prefix, from /${LARGEST_VPC} to /${SMALLEST_VPC}`;
    return [{ path: [...path, "cidrs", at], rule, got: cidr, fix: "write the prefix as the VPC has it" }];
  });
  const isManaged = isPeerManaged(peer);
  if (peer.roleArn !== undefined && peer.accountId === undefined) {
    sizes.push({
      path: [...path, "accountId"],
      rule: "is required with roleArn",
      fix: "add the account's 12 digits, in quotes",
    });
  } else if (peer.roleArn !== undefined && peer.roleArn.split(":")[4] !== peer.accountId) {
    const rule = `must be a role of account ${peer.accountId}`;
    sizes.push({ path: [...path, "roleArn"], rule, got: peer.roleArn, fix: "correct one of accountId and roleArn" });
  }
  if (isManaged && peer.routeTableIds.length === 0) {
    const rule = "must have at least 1 entry: without a way back nothing answers";
    sizes.push({ path: [...path, "routeTableIds"], rule, fix: "add the peer's route tables" });
  }
  for (const field of ["routeTableIds", "securityGroupId"] as const) {
    if (isManaged || !peer[field]?.length) continue;
    const rule = "must not be given for an account that Terraform takes no role in";
    sizes.push({ path: [...path, field], rule, fix: "remove it, or add roleArn" });
  }
  return sizes;
}

function transitProblems(draft: Draft, path: Path, { networks }: TransitEntry): Problem[] {
  const [first, ...others] = networks;
  const region = draft.aws.get(String(first).slice("aws/".length))?.region;
  return others.flatMap((id, index): Problem[] => {
    const at = [...path, "networks", index + 1];
    if (networks.indexOf(id) <= index)
      return [{ path: at, rule: "must be named once", got: id, fix: "remove the second one" }];
    const own = draft.aws.get(id.slice("aws/".length))?.region;
    if (own === undefined || region === undefined || own === region) return [];
    const rule = `must be a network of ${region}, as ${first} is: a Transit Gateway stands in one region`;
    return [{ path: at, rule, got: id, fix: "join the regions by a peering with type: vpc" }];
  });
}

function portProblems(path: Path, { protocol, ports }: Entry["allow"][number]): Problem[] {
  const hasPorts = protocol === "tcp" || protocol === "udp";
  if (hasPorts === (ports !== undefined)) return [];
  return hasPorts
    ? [{ path: [...path, "ports"], rule: `is required for ${protocol}`, fix: 'add for example ports: "22"' }]
    : [{ path: [...path, "ports"], rule: `must not be given for ${protocol}`, fix: "remove it" }];
}

/** Two VPCs have one peering at most. @see https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html */
export function peeringsAreUnique(draft: Draft): Problem[] {
  const seen = new Map<string, string>();
  return [...draft.peerings].flatMap(([key, peering]) =>
    pairsOf(peering).flatMap(([a, b]): Problem[] => {
      const pair = [a, b].sort().join(" ");
      const first = seen.get(pair);
      if (first === undefined) seen.set(pair, key);
      if (first === undefined || first === key) return [];
      return [
        { path: ["peerings", key], rule: `must not join ${a} and ${b}, as peerings.${first} does`, fix: "remove one" },
      ];
    }),
  );
}

function pairsOf(peering: Entry): [string, string][] {
  if (peering.type === "transit") {
    return peering.networks.flatMap((a, at) => peering.networks.slice(at + 1).map((b): [string, string] => [a, b]));
  }
  const peer = peering.peerNetwork ?? peering.peerVpc?.vpcId;
  return peer === undefined ? [] : [[peering.network, peer]];
}
