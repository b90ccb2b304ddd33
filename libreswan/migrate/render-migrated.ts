import type { LibreswanVersion } from "../../config/schema/controllers";
import type { Keyword } from "../dialect";
import { isNumberForText } from "./keyword-values";
import type { MigrationPlan } from "./plan-migration";

/** The complete ipsec.conf: LF, four spaces, nothing that any version remarks on. */
export function renderMigratedConf(plan: MigrationPlan, target: LibreswanVersion): string {
  const blocks = [
    `# For Libreswan ${target}, written by kakehashi migrate.`,
    ...(plan.setup.length > 0 ? [block("config setup", plan.setup)] : []),
    ...plan.conns.map(({ name, keywords }) => block(`conn ${name}`, keywords)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function block(header: string, keywords: readonly Keyword[]): string {
  return [header, ...keywords.map(([keyword, value]) => `    ${keyword}=${quote(keyword, value)}`)].join("\n");
}

/** Words with spaces, and numbers that are text, stand in quotes; lists have braces. */
function quote(keyword: string, value: string): string {
  return (/[\s#]/.test(value) || isNumberForText(keyword, value)) && !value.startsWith("{") ? `"${value}"` : value;
}
