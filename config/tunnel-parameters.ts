import type { Cloud } from "./proposals";

/** What both ends of a tunnel are told about time. */
export interface TunnelParameters {
  readonly ikeLifetimeSeconds: number;
  readonly childLifetimeSeconds: number;
  /** How long before a lifetime's end the cloud starts a rekey, at the earliest (margin × (1 + fuzz)). */
  readonly cloudRekeyMarginSeconds: number;
  readonly cloudRekeyFuzzPercent: number;
  /** The controller's margin. Its whole window lies before the cloud's, so that the two never rekey at once. */
  readonly controllerRekeyMarginSeconds: number;
  readonly controllerRekeyFuzzPercent: number;
  /** Silence after which the cloud takes the controller for dead. */
  readonly cloudDpdTimeoutSeconds: number;
  /** Silence after which the controller asks for a sign of life, and how long it then waits. */
  readonly controllerDpdDelaySeconds: number;
  readonly controllerDpdTimeoutSeconds: number;
  /** What the controller offers in BGP; the lower of the two ends' hold times decides (RFC 4271, 4.2). */
  readonly bgpKeepaliveSeconds: number;
  readonly bgpHoldSeconds: number;
}

/**
 * Equal lifetimes on both ends (AWS: differing ones "may interrupt tunnel connectivity"), unequal margins: Libreswan up to
 * 5.0 loses a tunnel when both ends rekey at the same time, so the controller always goes first.
 */
const COMMON: TunnelParameters = {
  ikeLifetimeSeconds: 28_800,
  childLifetimeSeconds: 3_600,
  cloudRekeyMarginSeconds: 270,
  cloudRekeyFuzzPercent: 100,
  controllerRekeyMarginSeconds: 1_200,
  controllerRekeyFuzzPercent: 10,
  cloudDpdTimeoutSeconds: 30,
  controllerDpdDelaySeconds: 5,
  controllerDpdTimeoutSeconds: 8,
  bgpKeepaliveSeconds: 3,
  bgpHoldSeconds: 9,
};

/**
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html (lifetimes, margin 60 s to half of phase 2, DPD from 30 s)
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Reference/supportedIPsecparams.htm (28,800 s and 3,600 s; DPD 20 s)
 * @see https://docs.oracle.com/en-us/iaas/Content/Network/Concepts/fastconnectrequirements.htm (BGP hold from 18 s)
 * @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-compliance-crypto (IKE fixed at 28,800 s; DPD 9 to 3,600 s)
 * @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq (BGP: 60 s and 180 s, "fixed"; other values "may result
 *   in BGP instability". The controller's own probes move traffic long before.)
 */
export const TUNNEL_PARAMETERS: Readonly<Record<Cloud, TunnelParameters>> = {
  aws: COMMON,
  oracle: { ...COMMON, cloudDpdTimeoutSeconds: 20, bgpKeepaliveSeconds: 6, bgpHoldSeconds: 18 },
  azure: { ...COMMON, cloudDpdTimeoutSeconds: 30, bgpKeepaliveSeconds: 60, bgpHoldSeconds: 180 },
};
