export interface PortRange {
  readonly protocol: "tcp" | "udp";
  readonly from: number;
  readonly to: number;
  /** ASCII without quotes: it becomes the rule's description. */
  readonly why: string;
}

/**
 * Ports on which the VC controller reaches its nodes. From the controllers' prefixes only.
 * @see https://github.com/nii-gakunin-cloud/ocs-docs/blob/master/usermanual/appendix.md
 */
export const VC_NODE_PORTS: readonly PortRange[] = [
  { protocol: "tcp", from: 22, to: 22, why: "ssh of the base container" },
  { protocol: "tcp", from: 20022, to: 20022, why: "ssh of the host" },
  { protocol: "tcp", from: 2375, to: 2375, why: "Docker API" },
  { protocol: "tcp", from: 7373, to: 7373, why: "serf RPC" },
  { protocol: "tcp", from: 7946, to: 7947, why: "serf gossip" },
  { protocol: "udp", from: 7946, to: 7947, why: "serf gossip" },
  { protocol: "udp", from: 5353, to: 5353, why: "serf discovery" },
  { protocol: "tcp", from: 9100, to: 9100, why: "node exporter" },
  { protocol: "tcp", from: 9400, to: 9400, why: "GPU exporter" },
  { protocol: "tcp", from: 9445, to: 9445, why: "GPU exporter of older images" },
  { protocol: "tcp", from: 18083, to: 18083, why: "cAdvisor" },
];
