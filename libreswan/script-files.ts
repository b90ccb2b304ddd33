import type { TreeFile } from "../config/tree-file";
import { CONTROLLER_SCRIPTS } from "./scripts/controller-scripts";
import status from "./scripts/kakehashi-status.sh";
import statusFiles from "./scripts/status-files.sh";
import statusGathered from "./scripts/status-gathered.sh";
import statusJudge from "./scripts/status-judge.sh";
import statusLog from "./scripts/status-log.sh";
import statusPrint from "./scripts/status-print.sh";
import statusTexts from "./scripts/status-texts.sh";

/** What is the same on every controller: scripts and units, which read what they need from `etc/kakehashi`. */
export const SCRIPT_FILES: readonly TreeFile[] = [
  ...CONTROLLER_SCRIPTS,
  { path: "usr/local/sbin/kakehashi-status", content: status, mode: 0o755 },
  statusPart("status-files.sh", statusFiles),
  statusPart("status-gathered.sh", statusGathered),
  statusPart("status-judge.sh", statusJudge),
  statusPart("status-log.sh", statusLog),
  statusPart("status-print.sh", statusPrint),
  statusPart("status-texts.sh", statusTexts),
];

/** Read by kakehashi-status; not to be run by itself. */
function statusPart(name: string, content: string): TreeFile {
  return { path: `usr/local/lib/kakehashi/${name}`, content, mode: 0o644 };
}
