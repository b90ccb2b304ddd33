import { readAwsPeers } from "./aws-peers";
import { readAzurePeers } from "./azure-peers";
import type { LabController, LabEndpoint, LabFile, LabNetwork } from "./lab-file";
import { readOraclePeers } from "./oracle-peers";
import type { DeployedConnection, ReadPeers } from "./peer";
import type { StackJson } from "./stack-json";

const READERS: Readonly<Record<string, ReadPeers>> = {
  aws_vpn_connection: readAwsPeers,
  oci_core_ipsec: readOraclePeers,
  azurerm_virtual_network_gateway_connection: readAzurePeers,
};

export interface LabWires {
  readonly controller: LabController;
  readonly path?: Partial<LabFile["path"]>;
}

/**
 * The guest's clouds, from what the stacks would tell AWS, OCI and Azure.
 * @param stacks by name: `aws-tokyo`
 * @param deployed by the connection's key
 */
export function buildLab(
  stacks: Readonly<Record<string, StackJson>>,
  deployed: ReadonlyMap<string, DeployedConnection>,
  { controller, path }: LabWires,
): LabFile {
  const networks: Record<string, LabNetwork> = {};
  const endpoints: Record<string, LabEndpoint> = {};
  for (const [name, stack] of Object.entries(stacks)) {
    const type = Object.keys(READERS).find((candidate) => stack.resource[candidate]);
    if (!type) continue;
    const peers = (READERS[type] as ReadPeers)(stack, deployed);
    networks[name] = peers.network;
    for (const [tunnel, endpoint] of Object.entries(peers.endpoints)) {
      // Another controller's gateways have no wire to this one.
      if (endpoint.remoteId === controller.publicIp) endpoints[tunnel] = { network: name, ...endpoint };
    }
  }
  // A cloud tells nobody that a packet was too long for its tunnel.
  return { controller, path: { delayMs: 5, lossPercent: 0, mtuDiscovery: false, ...path }, networks, endpoints };
}

/** The outputs file of a deployment: what `cdktf deploy --outputs-file` writes. */
export function readDeployed(outputs: string): Map<string, DeployedConnection> {
  const stacks = Object.values(JSON.parse(outputs)) as {
    tunnel_facts?: { connections: Record<string, { tunnels: DeployedConnection }> };
  }[];
  return new Map(
    stacks.flatMap(({ tunnel_facts }) =>
      Object.entries(tunnel_facts?.connections ?? {}).map(([key, { tunnels }]) => [key, tunnels] as const),
    ),
  );
}
