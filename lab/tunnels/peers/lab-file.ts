/** What the guest reads: the site's wires and the clouds' gateways. ../README.md says what each value does and its default. */
export interface LabFile {
  readonly controller: LabController;
  readonly path: { readonly delayMs: number; readonly lossPercent: number; readonly mtuDiscovery: boolean };
  readonly networks: Readonly<Record<string, LabNetwork>>;
  readonly endpoints: Readonly<Record<string, LabEndpoint>>;
}

export interface LabController {
  readonly wanAddress: string;
  readonly wanGateway: string;
  readonly lanInterface?: string;
  readonly lanAddress?: string;
  readonly lanHost: string;
  readonly publicIp: string;
  readonly nat: boolean;
}

export interface LabNetwork {
  readonly host: string;
  readonly prefixes: readonly string[];
  readonly returnPaths: number;
}

export interface LabEndpoint {
  readonly network: string;
  readonly outsideIp: string;
  readonly ikeVersion: 0 | 1 | 2;
  readonly ikeProposal: string;
  readonly espProposal: string;
  readonly ikeLifetimeSeconds: number;
  readonly espLifetimeSeconds: number;
  readonly rekeyMarginSeconds: number;
  readonly rekeyFuzzPercent: number;
  readonly dpdDelaySeconds: number;
  readonly dpdGiveUpSeconds: number;
  readonly dpdAction: "clear" | "restart";
  readonly localId: string;
  readonly remoteId: string;
  readonly psk: string;
  readonly doesInitiate: boolean;
  readonly localSelectors: readonly string[];
  readonly remoteSelectors: readonly string[];
  readonly cloudInside: string;
  readonly controllerInside: string;
  readonly insideLength: number;
  readonly mtu: number;
  readonly localAsn: number;
  readonly remoteAsn: number;
  readonly routing: "bgp" | "static";
  readonly sitePrefixes: readonly string[];
  readonly bgpKeepaliveSeconds: number;
  readonly bgpHoldSeconds: number;
  readonly bgpPassive: boolean;
  /** MED that the cloud sends with its routes; -1: none. */
  readonly sendMed: number;
  readonly returnPreference: number;
}
