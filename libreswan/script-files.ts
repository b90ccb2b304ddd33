import type { TreeFile } from "../config/tree-file";
import { CONTROLLER_SCRIPTS } from "./scripts/controller-scripts";
import status from "./scripts/kakehashi-status.sh";
import { METRICS_FILES } from "./scripts/metrics-files";
import statusFiles from "./scripts/status-files.awk.tmpl";
import statusGathered from "./scripts/status-gathered.awk.tmpl";
import statusJson from "./scripts/status-json.awk.tmpl";
import statusJudge from "./scripts/status-judge.awk.tmpl";
import statusLines from "./scripts/status-lines.awk.tmpl";
import statusLog from "./scripts/status-log.awk.tmpl";
import statusMain from "./scripts/status-main.awk.tmpl";
import statusPrint from "./scripts/status-print.awk.tmpl";
import statusTexts from "./scripts/status-texts.awk.tmpl";

/** What is the same on every controller: scripts and units, which read what they need from `etc/kakehashi`. */
export const SCRIPT_FILES: readonly TreeFile[] = [
  ...CONTROLLER_SCRIPTS,
  ...METRICS_FILES,
  { path: "usr/local/sbin/kakehashi-status", content: status, mode: 0o755 },
  statusPart("status-files.awk", statusFiles),
  statusPart("status-gathered.awk", statusGathered),
  statusPart("status-judge.awk", statusJudge),
  statusPart("status-json.awk", statusJson),
  statusPart("status-lines.awk", statusLines),
  statusPart("status-log.awk", statusLog),
  statusPart("status-main.awk", statusMain),
  statusPart("status-print.awk", statusPrint),
  statusPart("status-texts.awk", statusTexts),
];

/** Read by kakehashi-status; not to be run by itself. */
function statusPart(name: string, content: string): TreeFile {
  return { path: `usr/local/lib/kakehashi/${name}`, content, mode: 0o644 };
}
