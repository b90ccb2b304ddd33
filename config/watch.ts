import type { Key } from "./values/key";

/** Alarms and a dashboard for the EC2 instances whose Name tag fits. */
export interface Watch {
  readonly key: Key;
  readonly description?: string;
  readonly region: string;
  /** Where given: only instances in this VPC. */
  readonly network?: WatchedNetwork;
  /** Name tags; `*` stands for anything, `?` for one character. */
  readonly instances: readonly string[];
  readonly mode: "simple" | "live";
  /** Simple mode: the instances' CloudWatch agent reports memory and disk. */
  readonly hasAgent: boolean;
  readonly thresholds: WatchThresholds;
  /** What the dashboard shows beside the instances: AWS connections in the same region. */
  readonly connections: readonly WatchedConnection[];
  readonly hasDashboard: boolean;
  /** Key of the road that is told. */
  readonly alarm?: Key;
}

export interface WatchedNetwork {
  readonly key: Key;
  /** Of a VPC that is there already. */
  readonly vpcId?: string;
}

export interface WatchedConnection {
  readonly key: Key;
  readonly controller: Key;
  readonly routing: "bgp" | "static";
  /** The stack that makes it. */
  readonly stack: string;
}

/** Undefined: no alarm. */
export interface WatchThresholds {
  readonly cpuPercent?: number;
  readonly memoryPercent?: number;
  readonly diskPercent?: number;
  readonly networkMegabitsPerSecond?: number;
  /** How long a threshold is passed before the alarm: a multiple of 5. */
  readonly minutes: number;
}
