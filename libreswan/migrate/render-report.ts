import { LIBRESWAN_VERSIONS, type LibreswanVersion } from "../../config/schema/controllers";
import type { Finding, MigratedConn, MigrationReport, MigrationStep, Severity } from "./migration-report";
import type { Verdict } from "./verdict";

export interface RenderReportOptions {
  readonly color: boolean;
  /** Columns. @default 100 */
  readonly width?: number;
}

type Paint = (code: keyof typeof CODES, text: string) => string;

const CODES = { red: 31, yellow: 33, cyan: 36, bold: 1, dim: 2 } as const;
const SEVERITY_COLORS: Readonly<Record<Severity, keyof typeof CODES>> = {
  error: "red",
  warning: "yellow",
  advice: "cyan",
};
const SAID: Readonly<Record<Verdict, string>> = {
  ok: "works",
  warning: "ignored with a warning",
  "fails-to-load": "the file doesn't load",
  "refused-when-added": "the connection is refused",
  "loads-but-wrong": "loads, but goes wrong",
};
const PLACE: Readonly<Record<MigrationStep["where"], string>> = {
  controller: "on the controller",
  aws: "at AWS",
  oracle: "at Oracle",
  azure: "at Azure",
  peer: "at the other end",
};
const INDENT = 9;

/** For people: conns, findings line by line, and what else must be done. Holds neither the new text nor a key. */
export function renderReport(report: MigrationReport, { color, width = 100 }: RenderReportOptions): string {
  const paint: Paint = (code, text) => (color ? `\u001b[${CODES[code]}m${text}\u001b[0m` : text);
  const blocks = [
    renderHead(report, paint),
    ...report.findings.map((finding) => renderFinding(finding, report, paint, width)),
    ...(report.steps.length > 0 ? [renderSteps(report.steps, paint, width)] : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function renderHead({ confName, target, findings, conns }: MigrationReport, paint: Paint): string {
  const count = (severity: Severity, one: string, many: string) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return `${number} ${number === 1 ? one : many}`;
  };
  const counts = [
    count("error", "error", "errors"),
    count("warning", "warning", "warnings"),
    `${count("advice", "piece", "pieces")} of advice`,
  ];
  const nameWidth = Math.max(...conns.map(({ name }) => name.length), 0);
  const peerWidth = Math.max(...conns.map(({ peer }) => peer.length), 0);
  const lines = conns.map(
    (conn) => `  ${conn.name.padEnd(nameWidth)}  ${clean(conn.peer).padEnd(peerWidth)}  ${describe(conn)}`,
  );
  return [paint("bold", `${confName} for Libreswan ${target}: ${counts.join(", ")}`), ...lines].join("\n");
}

function describe({ mode, interfaceName, cloud, cloudReason }: MigratedConn): string {
  const device = interfaceName ? ` (${interfaceName})` : "";
  return `${mode}${device}${cloud ? `, taken for ${PLACE[cloud].replace("at ", "")}: ${cloudReason}` : ""}`;
}

function renderFinding(finding: Finding, { confName }: MigrationReport, paint: Paint, width: number): string {
  const { file, line, severity, text, why, fix } = finding;
  const place = file === confName ? `line ${line}` : `${file}:${line}`;
  const label = paint(SEVERITY_COLORS[severity], severity.padEnd(8));
  const verdicts = groupVerdicts(finding);
  return [
    `${place.padEnd(INDENT)} ${label} ${paint("bold", text)}`.trimEnd(),
    ...(verdicts === "" ? [] : [wrap(verdicts, width, paint)]),
    wrap(why, width),
    wrap(`-> ${fix}`, width),
  ].join("\n");
}

/** `4.10, 4.14: the file doesn't load; 5.2: ignored with a warning` */
function groupVerdicts({ verdicts }: Finding): string {
  const groups = new Map<Verdict, LibreswanVersion[]>();
  for (const version of LIBRESWAN_VERSIONS)
    groups.set(verdicts[version], [...(groups.get(verdicts[version]) ?? []), version]);
  if (groups.size === 1 && groups.has("ok")) return "";
  const isEvery = groups.size === 1;
  return [...groups]
    .map(([verdict, versions]) => `${isEvery ? "every version" : versions.join(", ")}: ${SAID[verdict]}`)
    .join("; ");
}

function renderSteps(steps: readonly MigrationStep[], paint: Paint, width: number): string {
  const blocks = steps.map(({ where, what, commands, options }, index) => {
    const optionWidth = Math.max(...options.map(({ option }) => option.length), 0);
    return [
      wrap(`${PLACE[where]}: ${what}`, width, undefined, `${`${index + 1}.`.padEnd(3)} `),
      ...options.map(({ option, value }) => `      ${option.padEnd(optionWidth)}  ${value}`),
      ...commands.map((command) => `      ${command}`),
    ].join("\n");
  });
  return [paint("bold", "What the new files alone don't do, in this order"), ...blocks].join("\n");
}

/** Breaks between words; further lines stand under the first. */
function wrap(text: string, width: number, paint?: Paint, first = " ".repeat(INDENT + 1)): string {
  const indent = " ".repeat(first.length);
  const lines: string[] = [];
  let current = "";
  for (const word of clean(text).split(" ")) {
    if (current !== "" && first.length + current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  lines.push(current);
  return lines.map((line, index) => `${index === 0 ? first : indent}${paint ? paint("dim", line) : line}`).join("\n");
}

function clean(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, "?");
}
