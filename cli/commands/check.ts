import { lintCatalog } from "../../catalog/lint-catalog";
import { readText } from "../../config/load-site";
import { parseSite } from "../../config/parse-site";
import { ConfigError } from "../../config/problems";
import type { Site } from "../../config/site";
import { siteWarnings } from "../../config/warnings";
import type { Io } from "../io";
import { paint } from "../paint";
import { delayLines, roadsJson, roadTable, watchingJson, watchTable } from "../road-table";
import { resolveIn, siteFile } from "../site-file";
import { renderTable } from "../table";

/** A VPN catalog says so by its version line; anything else is a site file. */
const CATALOG_MARK = /^cci_version\s*:/m;

export function check(io: Io, argument: string | undefined, options: { json?: boolean }): number {
  const file = siteFile(io, argument);
  const text = readText(resolveIn(io, file));
  return CATALOG_MARK.test(text)
    ? checkCatalog(io, file, text, options)
    : checkSite(io, file, parseSite(text, file), options);
}

function checkCatalog(io: Io, file: string, text: string, options: { json?: boolean }): number {
  const problems = lintCatalog(text, file);
  if (problems.length > 0) throw new ConfigError(file, problems);
  io.out(
    options.json
      ? `${JSON.stringify({ ok: true, file, problems: [], warnings: [] }, null, 2)}\n`
      : `${file}: a sound VPN catalog\n`,
  );
  return 0;
}

function checkSite(io: Io, file: string, site: Site, options: { json?: boolean }): number {
  const warnings = siteWarnings(site);
  if (options.json) {
    io.out(
      `${JSON.stringify({ ok: true, file, problems: [], warnings: warnings.map(({ path, ...rest }) => ({ path: path.join("."), ...rest })), watching: watchingJson(site), roads: roadsJson(site) }, null, 2)}\n`,
    );
    return 0;
  }
  io.out(`${paint(io, "green", `${file}: no problems`)}\n\n${connectionTable(site)}\n`);
  if (site.alarms.length > 0) io.out(`\n${watchTable(site)}\n\n${roadTable(site)}\n`);
  const delays = delayLines(site);
  if (delays.length > 0) io.out(`\n  minutes until a fallen tunnel is told:\n${delays.join("\n")}\n`);
  if (warnings.length > 0) {
    const count = warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`;
    io.out(
      `\n${paint(io, "yellow", `${file}: ${count}`)}\n${warnings.map(({ path, text, why }) => `  ${path.join(".")}: ${text}; ${why}`).join("\n")}\n`,
    );
  }
  return 0;
}

export function connectionTable(site: Site): string {
  const rows = site.connections.map(({ key, controller, network, routing, mode, balance, tunnels }) => [
    key,
    controller.key,
    network.id,
    network.cidr,
    mode === "policy-based" ? "policy" : routing,
    balance,
    tunnels.map(({ insideCidr }) => insideCidr).join(" "),
  ]);
  return renderTable([
    ["connection", "controller", "network", "prefix", "routing", "balance", "inside CIDRs"],
    ...rows,
  ]);
}
