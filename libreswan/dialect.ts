import type { LibreswanVersion } from "../config/schema/controllers";

/**
 * How one version of Libreswan spells what every controller is told. Data only: a new version is a new row.
 */
export interface Dialect {
  /** The lines that ask for IKEv2 and nothing else. */
  readonly ikev2: Keyword;
  /** The key of the child SA's lifetime. */
  readonly childLifetimeKey: "ipsec-lifetime" | "salifetime";
  /** What to do when liveness fails. Missing where the keyword is obsolete: there the connection revives by itself. */
  readonly deadPeerAction?: Keyword;
  /** Whether `dpddelay=` is ignored unless `dpdtimeout=` stands beside it, although IKEv2 has no use for that value. */
  readonly needsDpdTimeout: boolean;
  /** The kind of interface that a route-based tunnel has. */
  readonly tunnelInterface: TunnelInterface;
}

export type Keyword = readonly [key: string, value: string];

export interface TunnelInterface {
  /** The interface's name is this and the tunnel's number: `ipsec4107`. */
  readonly namePrefix: "ipsec" | "vti";
  /** Lines beside the mark, with the tunnel's number for `%n`. */
  readonly settings: readonly Keyword[];
}

/**
 * The kernel's XFRM interface, `ipsecN` with if_id N. `interface-ip=` is never written: 4.10 and 4.14 refuse to load it, so
 * that the address is put on the interface before pluto starts, on every version alike.
 */
const XFRM_INTERFACE: TunnelInterface = { namePrefix: "ipsec", settings: [["ipsec-interface", "%n"]] };

/** Before 4.0 there is no `ipsec-interface=`. Without `vti-routing=no` a tunnel for 0.0.0.0/0 takes the default route. */
const VTI: TunnelInterface = {
  namePrefix: "vti",
  settings: [
    ["vti-interface", "vti%n"],
    ["vti-routing", "no"],
  ],
};

const RESTART_DEAD_PEER: Keyword = ["dpdaction", "restart"];

/**
 * `ikev2=insist` loads on every version, `keyexchange=ikev2` only from 5.0 on, where `ikev2=` is deprecated and warned of at
 * each load. `ipsec-lifetime=` is the name since 4.8. `dpdaction=` is obsolete from 5.0 on. Each row was loaded into a real
 * pluto of its version.
 * @see https://libreswan.org/man/ipsec.conf.5.html
 * @see https://github.com/libreswan/libreswan/blob/main/CHANGES
 * @see https://github.com/libreswan/libreswan/blob/v3.32/programs/configs/ipsec.conf.in (and the tags v4.10, v4.14, v5.2)
 */
export const DIALECTS: Readonly<Record<LibreswanVersion, Dialect>> = {
  "3.32": {
    ikev2: ["ikev2", "insist"],
    childLifetimeKey: "salifetime",
    deadPeerAction: RESTART_DEAD_PEER,
    needsDpdTimeout: true,
    tunnelInterface: VTI,
  },
  "4.10": {
    ikev2: ["ikev2", "insist"],
    childLifetimeKey: "ipsec-lifetime",
    deadPeerAction: RESTART_DEAD_PEER,
    needsDpdTimeout: false,
    tunnelInterface: XFRM_INTERFACE,
  },
  "4.14": {
    ikev2: ["ikev2", "insist"],
    childLifetimeKey: "ipsec-lifetime",
    deadPeerAction: RESTART_DEAD_PEER,
    needsDpdTimeout: false,
    tunnelInterface: XFRM_INTERFACE,
  },
  "5.2": {
    ikev2: ["keyexchange", "ikev2"],
    childLifetimeKey: "ipsec-lifetime",
    needsDpdTimeout: false,
    tunnelInterface: XFRM_INTERFACE,
  },
};
