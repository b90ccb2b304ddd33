import { randomBytes } from "node:crypto";
import {
  type CloudNetwork,
  type Connection,
  isCloudNetwork,
  type Site,
  stackName,
  type Tunnel,
} from "../../../config/site";
import { FACTS_VERSION } from "../../../config/tunnel-facts";

/** Keys by tunnel and epoch, kept over a case's renders as Terraform's state keeps them. */
export type Keys = Map<string, string>;

/** The outputs file that a deployment of the stand-in writes, for where Terraform is not installed, or not worth its seconds. */
export function generatedFacts(site: Site, keys: Keys): string {
  const key = (name: string) => {
    const known = keys.get(name) ?? `k${randomBytes(24).toString("hex").slice(0, 47)}`;
    keys.set(name, known);
    return known;
  };
  const stacks = site.networks.filter(isCloudNetwork).map((network) => {
    const connections = site.connections.filter((connection) => connection.network === network);
    return [
      stackName(network),
      {
        tunnel_facts: {
          version: FACTS_VERSION,
          stack: stackName(network),
          connections: Object.fromEntries(
            connections.map((connection) => [connection.key, connectionFacts(site, connection, key)]),
          ),
        },
        network_facts: networkFacts(network),
      },
    ] as const;
  });
  return `${JSON.stringify(Object.fromEntries(stacks), null, 2)}\n`;
}

function connectionFacts(site: Site, connection: Connection, key: (name: string) => string) {
  const facts = (tunnel: Tunnel) => ({
    cloudAddress: `192.0.2.${2 * site.connections.indexOf(connection) + tunnel.number}`,
    cloudInsideAddress: tunnel.cloudInsideAddress,
    controllerInsideAddress: tunnel.controllerInsideAddress,
    presharedKey: key(
      connection.cloud === "azure"
        ? `${connection.key} ${connection.tunnels[0].pskEpoch}`
        : `${connection.key}-${tunnel.number} ${tunnel.pskEpoch}`,
    ),
    pskEpoch: tunnel.pskEpoch,
  });
  return {
    controller: connection.controller.key,
    network: connection.network.id,
    tunnels: { 1: facts(connection.tunnels[0]), 2: facts(connection.tunnels[1]) },
  };
}

function networkFacts(network: CloudNetwork) {
  return {
    version: FACTS_VERSION,
    network: network.id,
    securityGroup:
      network.provider === "aws"
        ? "sg-0123456789abcdef0"
        : network.provider === "oracle"
          ? "ocid1.networksecuritygroup.oc1..aaaaexample"
          : "vc-nodes",
    ...(network.provider === "azure" && { resourceGroup: network.key, virtualNetwork: network.key }),
    subnets: Object.fromEntries(
      network.subnets.map(({ key }) => [
        key,
        network.provider === "aws"
          ? "subnet-0123456789abcdef0"
          : network.provider === "oracle"
            ? "ocid1.subnet.oc1..aaaaexample"
            : key,
      ]),
    ),
  };
}
