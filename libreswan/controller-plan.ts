import type { Cloud } from "../config/proposals";
import type { LibreswanVersion } from "../config/schema/controllers";
import type { Asn } from "../config/values/asn";
import type { Cidr } from "../config/values/cidr";
import type { IpAddress } from "../config/values/ip-address";
import type { Keyword } from "./dialect";
import type { RoutePreference } from "./route-preferences";

/** Everything that a controller's files say, decided. Rendering adds nothing but the text around it. */
export interface ControllerPlan {
  readonly site: string;
  readonly controller: string;
  readonly description?: string;
  readonly libreswan: LibreswanVersion;
  readonly language: "en" | "ja";
  readonly asn: Asn;
  readonly publicIp: IpAddress;
  readonly privateIp: IpAddress;
  readonly isBehindNat: boolean;
  /**
   * Source of the controller's own packets into the tunnels. Without one they would carry the inside address, which no
   * cloud routes back. Missing where privateIp lies in none of the subnets: then it is found on the machine.
   */
  readonly sourceIp?: IpAddress;
  /** The prefixes behind the controller, each once. */
  readonly localPrefixes: readonly Cidr[];
  readonly connections: readonly ConnectionPlan[];
  /** Missing where no connection uses BGP. */
  readonly bgp?: BgpPlan;
}

export interface ConnectionPlan {
  readonly key: string;
  readonly description?: string;
  readonly network: string;
  readonly tunnels: readonly [TunnelPlan, TunnelPlan];
}

export interface TunnelPlan {
  /** `tokyo-aws-1`: the name of the `conn` too. */
  readonly name: string;
  readonly connection: string;
  readonly number: 1 | 2;
  readonly cloud: Cloud;
  readonly mode: "route-based" | "policy-based";
  readonly routing: "bgp" | "static";
  readonly balance: "active-standby" | "active-active";
  /** Missing for a policy-based tunnel, which has no interface. */
  readonly device?: TunnelDevice;
  readonly cloudAddress: IpAddress;
  readonly probe?: IpAddress;
  readonly mtuBytes: number;
  readonly mssBytes: number;
  readonly localPrefixes: readonly Cidr[];
  readonly remotePrefixes: readonly Cidr[];
  readonly cloudAsn?: Asn;
  /** The lines of the tunnel's `conn`, in order. */
  readonly settings: readonly Keyword[];
  readonly secret: SecretPlan;
}

export interface TunnelDevice {
  /** `ipsec4107` or `vti4107`. */
  readonly name: string;
  /** The interface's if_id or VTI key, and the mark of the policies. */
  readonly number: number;
  readonly controllerInsideAddress: IpAddress;
  readonly cloudInsideAddress: IpAddress;
}

export interface SecretPlan {
  readonly localId: string;
  readonly remoteId: string;
  readonly presharedKey: string;
}

export interface BgpPlan {
  readonly asn: Asn;
  readonly routerId: IpAddress;
  readonly sourceIp?: IpAddress;
  /** What is announced over every tunnel. */
  readonly localPrefixes: readonly Cidr[];
  /** The two halves of each of them: announced over a tunnel whose sibling is dead, so that its routes win at once. */
  readonly halves: readonly Cidr[];
  /** How many equal routes to one prefix are used at a time. */
  readonly maximumPaths: 1 | 2;
  readonly neighbors: readonly BgpNeighborPlan[];
}

export interface BgpNeighborPlan {
  readonly tunnel: string;
  readonly connection: string;
  readonly address: IpAddress;
  readonly asn: Asn;
  readonly updateSource: IpAddress;
  readonly keepaliveSeconds: number;
  readonly holdSeconds: number;
  readonly connectRetrySeconds: number;
  /** This prefix and parts of it are accepted, nothing else. */
  readonly acceptedPrefix: Cidr;
  readonly preference: RoutePreference;
  /** Whether the halves may be announced here: AWS closes the session over too many routes. */
  readonly hasTakeoverHalves: boolean;
}
