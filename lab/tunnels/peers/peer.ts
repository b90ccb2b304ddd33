import type { LabEndpoint, LabNetwork } from "./lab-file";
import type { StackJson } from "./stack-json";

/** What a deployment would have made up: outside addresses and keys. */
export interface DeployedTunnel {
  readonly cloudAddress: string;
  readonly presharedKey: string;
}
export type DeployedConnection = Readonly<Record<1 | 2, DeployedTunnel>>;

/** A cloud as the lab plays it: from its stack to its gateways. */
export interface CloudPeers {
  readonly network: LabNetwork;
  readonly endpoints: Readonly<Record<string, Omit<LabEndpoint, "network">>>;
}

export type ReadPeers = (stack: StackJson, deployed: ReadonlyMap<string, DeployedConnection>) => CloudPeers;

export const ANY = ["0.0.0.0/0"] as const;
const NUMBERS = [1, 2] as const;

export function endpointsOf<T>(
  connections: readonly { readonly key: string }[],
  toEndpoint: (connection: never, number: 1 | 2) => T,
): Record<string, T> {
  return Object.fromEntries(
    connections.flatMap((connection) =>
      NUMBERS.map((number) => [`${connection.key}-${number}`, toEndpoint(connection as never, number)] as const),
    ),
  );
}

export function deployedTunnel(
  deployed: ReadonlyMap<string, DeployedConnection>,
  key: string,
  number: 1 | 2,
): DeployedTunnel {
  const found = deployed.get(key)?.[number];
  if (!found) throw new Error(`the outputs have no tunnel ${number} of ${key}`);
  return found;
}

/** The fourth address of the first subnet that is meant for machines: where the lab's host of that network lives. */
export function hostAddress(subnets: readonly string[]): string {
  const [first] = subnets;
  const match = /^(\d+\.\d+\.\d+)\.(\d+)\/(\d+)$/.exec(first ?? "");
  if (!match) throw new Error(`no subnet for the lab's host in ${JSON.stringify(subnets)}`);
  return `${match[1]}.${Number(match[2]) + 4}/${match[3]}`;
}

/** First and second address of a /30. */
export function pairOf(cidr: string): readonly [string, string] {
  const match = /^(\d+\.\d+\.\d+)\.(\d+)\/30$/.exec(cidr);
  if (!match) throw new Error(`not a /30: ${cidr}`);
  return [`${match[1]}.${Number(match[2]) + 1}`, `${match[1]}.${Number(match[2]) + 2}`];
}
