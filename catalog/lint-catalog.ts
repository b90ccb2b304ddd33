import { distance } from "fastest-levenshtein";
import type { Problem } from "../config/problems";
import { nearestWord } from "../config/schema/to-problems";
import { parseYaml } from "../config/source-map";
import { CATALOG_PROVIDERS } from "./catalog-keys";
import { type CatalogEntry, lintEntry } from "./lint-entry";
import { lintNeighbours } from "./lint-neighbours";

const CCI_VERSION = "1.0";

/**
 * Every problem of a hand-written vpn_catalog.yml, in the file's order. Never throws.
 * @param file the name that each problem carries
 */
export function lintCatalog(text: string, file: string): Problem[] {
  const source = parseYaml(text);
  const told = new Set(source.problems.map(({ path }) => path.join("\0")));
  const content = source.value === undefined ? [] : contentProblems(source.value);
  return [...source.problems, ...content.filter(({ path }) => !told.has(path.join("\0")))]
    .map((problem): Problem => ({ file, ...source.positionOf(problem.path), ...problem }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function contentProblems(root: unknown): Problem[] {
  if (!isRecord(root))
    return [{ path: [], rule: "must be a mapping of providers", fix: `begin with cci_version: '${CCI_VERSION}'` }];
  const providers = Object.entries(root).filter(([name]) => name !== "cci_version");
  const entries = providers.flatMap(([provider, networks]) => entriesOf(provider, networks));
  return [
    ...versionProblems(root.cci_version),
    ...providers.flatMap(([provider, networks]) => providerProblems(provider, networks, root)),
    ...entries.filter(({ provider }) => likelyProvider(provider, root[provider]) === undefined).flatMap(lintEntry),
    ...lintNeighbours(entries),
  ];
}

function versionProblems(version: unknown): Problem[] {
  if (version === CCI_VERSION) return [];
  const path = ["cci_version"];
  if (version === undefined) return [{ path, rule: "is required", fix: `add cci_version: '${CCI_VERSION}'` }];
  const fix = typeof version === "number" ? `put it in quotes: '${CCI_VERSION}'` : `write '${CCI_VERSION}'`;
  return [{ path, rule: `must be the text '${CCI_VERSION}'`, got: version, fix }];
}

function providerProblems(provider: string, networks: unknown, root: Readonly<Record<string, unknown>>): Problem[] {
  const path = [provider];
  if (provider === "default") {
    const above = Object.keys(root).filter((name) => root[name] === null)[0] ?? "the provider";
    return [{ path, rule: "must be a provider, and default is a network's name", fix: `indent it below ${above}` }];
  }
  const likely = likelyProvider(provider, networks);
  if (likely !== undefined) return [{ path, rule: "is not a known provider", fix: `did you mean ${likely}?` }];
  if (!isRecord(networks) || Object.keys(networks).length === 0) {
    const fix = provider === "onpremises" ? "write default: {} below it" : "indent its networks below it, or remove it";
    return [{ path, rule: "must hold networks by name", ...(networks === null ? {} : { got: networks }), fix }];
  }
  return Object.entries(networks).flatMap(([name, entry]) =>
    isRecord(entry) ? [] : [networkProblem(provider, name, entry)],
  );
}

function networkProblem(provider: string, name: string, entry: unknown): Problem {
  const fix = provider === "onpremises" ? `write ${name}: {}` : "indent them below it";
  return {
    path: [provider, name],
    rule: "must be a mapping of keys to values",
    ...(entry === null ? {} : { got: entry }),
    fix,
  };
}

/**
 * The known provider that a name was meant to be. OpenStack clouds have free names, so that one near to a known name is
 * taken for a slip only if nothing in it speaks against that.
 */
function likelyProvider(provider: string, networks: unknown): string | undefined {
  if (Object.hasOwn(CATALOG_PROVIDERS, provider) || provider === "default") return undefined;
  const used = entriesOf(provider, networks).flatMap(({ values }) => Object.keys(values));
  const owner = Object.keys(CATALOG_PROVIDERS).find((known) =>
    used.some((key) => key.startsWith(`${known}_`) && key in (CATALOG_PROVIDERS[known]?.keys ?? {})),
  );
  if (owner !== undefined) return owner;
  const near = Object.keys(CATALOG_PROVIDERS).find((name) => distance(provider, name) <= (name.length < 6 ? 1 : 2));
  const known = Object.keys((near === undefined ? undefined : CATALOG_PROVIDERS[near])?.keys ?? {});
  return used.every((key) => nearestWord(key, known) !== undefined || key === "private_network_ipmask")
    ? near
    : undefined;
}

function entriesOf(provider: string, networks: unknown): CatalogEntry[] {
  if (!isRecord(networks)) return [];
  return Object.entries(networks).flatMap(([name, values]) => (isRecord(values) ? [{ provider, name, values }] : []));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
