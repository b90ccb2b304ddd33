import type { SSMClient } from "@aws-sdk/client-ssm";
import type { LeaseTable } from "../common/lease";
import type { CodeStore } from "./code-store";
import type { HybridActivationEnvironment } from "./env";
import type { ActivationState } from "./state";

/** Everything that the core touches of the world. */
export interface Parts {
  readonly settings: HybridActivationEnvironment;
  readonly table: LeaseTable;
  readonly ssm: SSMClient;
  readonly codes: CodeStore;
  /** What a warm process remembers between calls. */
  readonly memory: Memory;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Of this run's time. */
  readonly remainingMs: () => number;
  readonly log: Log;
}

export interface Log {
  readonly info: (message: string, details: object) => void;
  readonly warn: (message: string, details: object) => void;
}

export interface Memory {
  /** The last activation that was handed out here, and when SSM was last asked about it. */
  known?: { readonly state: ActivationState; readonly code: string; readonly verifiedAtMs: number };
}
