import type { Cloud } from "../../config/proposals";
import type { LibreswanVersion } from "../../config/schema/controllers";
import type { Verdicts } from "./verdict";

/** `error` stops the target version, `warning` goes wrong there or stops another version, `advice` works. */
export type Severity = "error" | "warning" | "advice";

/** One thing to know about one line. Never holds a pre-shared key. */
export interface Finding {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly severity: Severity;
  /** The keyword, or what else the line is about: `conn`, `include`, `PSK`. */
  readonly keyword: string;
  /** The line as it stands, shortened; empty where it may hold a key. */
  readonly text: string;
  readonly verdicts: Verdicts;
  /** The versions that `why` is about. */
  readonly versions: readonly LibreswanVersion[];
  readonly why: string;
  readonly fix: string;
  readonly source?: string;
}

/** What a conn was taken for. */
export interface MigratedConn {
  readonly name: string;
  readonly line: number;
  readonly peer: string;
  readonly mode: "route-based" | "policy-based";
  readonly cloud?: Cloud;
  /** Why it was taken for that cloud. */
  readonly cloudReason?: string;
  /** `ipsec11`, `vti11`. */
  readonly interfaceName?: string;
}

/** Something that the files alone can't do. */
export interface MigrationStep {
  readonly where: "controller" | Cloud | "peer";
  readonly what: string;
  /** Commands to run as root, in order. */
  readonly commands: readonly string[];
  /** Options to set at the other end. */
  readonly options: readonly { readonly option: string; readonly value: string }[];
}

export interface MigrationReport {
  readonly target: LibreswanVersion;
  readonly confName: string;
  readonly secretsName?: string;
  readonly conns: readonly MigratedConn[];
  /** In the files' order: conf first. */
  readonly findings: readonly Finding[];
  readonly steps: readonly MigrationStep[];
  /** The complete ipsec.conf for the target version. */
  readonly text: string;
  /** The complete ipsec.secrets; holds the keys. Missing where no key was given. */
  readonly secrets?: string;
}
