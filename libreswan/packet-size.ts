import type { Cloud, Proposal } from "../config/proposals";

/** The largest packet that a tunnel carries whole over a path of 1,500 bytes, and the TCP segment that fits into it. */
export interface PacketSize {
  readonly mtuBytes: number;
  readonly mssBytes: number;
}

interface Row extends PacketSize {
  readonly encryption: "gcm" | "cbc";
  readonly integrity?: "sha2-256" | "sha2-384";
  readonly isNatTraversed: boolean;
}

/** The arithmetic is the cipher's, not the cloud's: the table serves all three. @see https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-best-practice.html */
const PACKET_SIZES: readonly Row[] = [
  { encryption: "gcm", isNatTraversed: false, mtuBytes: 1446, mssBytes: 1406 },
  { encryption: "gcm", isNatTraversed: true, mtuBytes: 1438, mssBytes: 1398 },
  { encryption: "cbc", integrity: "sha2-256", isNatTraversed: false, mtuBytes: 1438, mssBytes: 1398 },
  { encryption: "cbc", integrity: "sha2-256", isNatTraversed: true, mtuBytes: 1422, mssBytes: 1382 },
  { encryption: "cbc", integrity: "sha2-384", isNatTraversed: false, mtuBytes: 1422, mssBytes: 1382 },
  { encryption: "cbc", integrity: "sha2-384", isNatTraversed: true, mtuBytes: 1422, mssBytes: 1382 },
];

/**
 * Lower limits that a cloud asks for. Azure: "clamp TCP MSS at 1350", or an MTU of 1,400 bytes on the tunnel interface.
 * @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-devices
 */
const CLOUD_LIMITS: Readonly<Record<Cloud, PacketSize | undefined>> = {
  aws: undefined,
  oracle: undefined,
  azure: { mtuBytes: 1400, mssBytes: 1350 },
};

/** The size for a cloud's proposals, the smallest where they differ: which one the two ends choose is not known here. */
export function planPacketSize(cloud: Cloud, proposals: readonly Proposal[], isNatTraversed: boolean): PacketSize {
  const sizes = [...proposals.map(({ esp }) => sizeOf(esp, isNatTraversed)), CLOUD_LIMITS[cloud]].filter(
    (size) => size !== undefined,
  );
  return {
    mtuBytes: Math.min(...sizes.map(({ mtuBytes }) => mtuBytes)),
    mssBytes: Math.min(...sizes.map(({ mssBytes }) => mssBytes)),
  };
}

function sizeOf(esp: Proposal["esp"], isNatTraversed: boolean): PacketSize {
  const encryption = esp.encryption === "aes256-gcm" ? "gcm" : "cbc";
  const row = PACKET_SIZES.find(
    (one) =>
      one.encryption === encryption &&
      one.isNatTraversed === isNatTraversed &&
      (encryption === "gcm" || one.integrity === esp.integrity),
  );
  if (!row) throw new Error(`no packet size is known for ${esp.encryption} with ${esp.integrity}`);
  return row;
}
