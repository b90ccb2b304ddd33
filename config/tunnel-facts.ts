import * as z from "zod";
import { ipAddress } from "./schema/fields";

/**
 * What a deployed stack publishes for the generator: the contract between Terraform's world and the controller's. A stack
 * has two outputs: `tunnel_facts`, sensitive, and `network_facts`, for the VPN catalog.
 */
export const FACTS_VERSION = 1;
export const TUNNEL_FACTS_OUTPUT = "tunnel_facts";
export const NETWORK_FACTS_OUTPUT = "network_facts";

/** The one alphabet that AWS, OCI, Azure and Libreswan all take; AWS: 8 to 64 characters, no leading 0. */
const PRESHARED_KEY_PATTERN = /^[1-9A-Za-z][0-9A-Za-z]{7,63}$/;

const tunnelFact = z.object({
  /** The cloud's public address. */
  cloudAddress: ipAddress("The cloud's public address."),
  cloudInsideAddress: ipAddress("The cloud's address inside the tunnel."),
  controllerInsideAddress: ipAddress("The controller's address inside the tunnel."),
  presharedKey: z.string().regex(PRESHARED_KEY_PATTERN, {
    error: () =>
      "must be 8 to 64 letters and digits, not beginning with 0; raise the tunnel's pskEpoch and deploy again",
  }),
  pskEpoch: z.number().int().min(1),
});

const connectionFacts = z.object({
  controller: z.string(),
  network: z.string(),
  tunnels: z.object({ 1: tunnelFact, 2: tunnelFact }),
});

export const tunnelFacts = z.object({
  version: z.literal(FACTS_VERSION, {
    error: () => `must be ${FACTS_VERSION}; deploy the stack again with this version of Kakehashi`,
  }),
  /** The stack's name: `aws-tokyo`. */
  stack: z.string(),
  connections: z.record(z.string(), connectionFacts),
});

export const networkFacts = z.object({
  version: z.literal(FACTS_VERSION, {
    error: () => `must be ${FACTS_VERSION}; deploy the stack again with this version of Kakehashi`,
  }),
  /** `aws/tokyo` */
  network: z.string(),
  /**
   * AWS: id of the controllers' security group. Azure: name of the network security group. OCI: OCID of the NSG; an existing
   * VCN has none of ours, and the catalog asks for none.
   */
  securityGroup: z.string().optional(),
  /** Azure: names that the catalog wants beside the subnet's. */
  resourceGroup: z.string().optional(),
  virtualNetwork: z.string().optional(),
  /** By the subnet's key: AWS and OCI its id, Azure its name. */
  subnets: z.record(z.string(), z.string()),
});

export type TunnelFact = z.output<typeof tunnelFact>;
export type ConnectionFacts = z.output<typeof connectionFacts>;
export type TunnelFacts = z.output<typeof tunnelFacts>;
export type NetworkFacts = z.output<typeof networkFacts>;
