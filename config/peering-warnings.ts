import { isPeerManaged, type VpcPeering } from "./peering";
import type { Site } from "./site";
import type { Warning } from "./warning";

/** From here on a Transit Gateway is less to look after: four VPCs in full mesh are six peerings and twelve sets of routes. */
const FEW_PEERINGS = 3;

/** What a sound `peerings` section should know about itself. */
export function peeringWarnings(site: Site): Warning[] {
  const pairs = site.peerings.filter((peering) => peering.type === "vpc");
  return [...manyPeerings(pairs), ...pairs.flatMap((peering) => peerWarnings(site, peering))];
}

function manyPeerings(pairs: readonly VpcPeering[]): Warning[] {
  const ends = new Map<string, number>();
  for (const { network, peerNetwork } of pairs) {
    for (const id of [network, peerNetwork]) if (id !== undefined) ends.set(id, (ends.get(id) ?? 0) + 1);
  }
  return [...ends]
    .filter(([, count]) => count > FEW_PEERINGS)
    .map(([id, count]) => ({
      path: ["networks", ...id.split("/")],
      text: `is one end of ${count} peerings`,
      why: "each pair has routes of its own, and none leads on to a third network; join those of one region by one entry with type: transit",
    }));
}

function peerWarnings({ connections }: Site, { key, network, peerNetwork, peerVpc }: VpcPeering): Warning[] {
  const path = ["peerings", key];
  const hasVpn = (id: string): boolean => connections.some((connection) => connection.network.id === id);
  const warnings: Warning[] = [];
  if (peerNetwork !== undefined && hasVpn(network) !== hasVpn(peerNetwork)) {
    const [near, far] = hasVpn(network) ? [network, peerNetwork] : [peerNetwork, network];
    warnings.push({
      path,
      text: `does not lead from the controllers through ${near} to ${far}`,
      why: "VPC peering carries nothing that comes from a VPN; give the network a connection of its own where the site needs it",
    });
  }
  if (peerVpc && !isPeerManaged(peerVpc)) {
    warnings.push({
      path: [...path, "peerVpc"],
      text: `is accepted by the owner of account ${peerVpc.accountId}, who also makes the routes back`,
      why: "until then nothing passes, and each side switches DNS resolution on by hand; add roleArn if Terraform may do it",
    });
  }
  return warnings;
}
