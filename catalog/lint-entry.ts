import type { Problem } from "../config/problems";
import { nearestWord } from "../config/schema/to-problems";
import { doesCidrContainAddress, parseCidr } from "../config/values/cidr";
import { parseIpAddress } from "../config/values/ip-address";
import { CATALOG_PROVIDERS, type CatalogKey, COMMON_KEYS, type ProviderKeys } from "./catalog-keys";
import { brokenForm } from "./key-form";

/** One network of one provider, as the catalog has it. */
export interface CatalogEntry {
  readonly provider: string;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What is wrong with a network's own keys and values. */
export function lintEntry({ provider, name, values }: CatalogEntry): Problem[] {
  const spec = Object.hasOwn(CATALOG_PROVIDERS, provider) ? CATALOG_PROVIDERS[provider] : undefined;
  const known: Readonly<Record<string, CatalogKey>> = { ...COMMON_KEYS, ...spec?.keys };
  const path = [provider, name];
  const unknown = spec ? Object.keys(values).filter((key) => !Object.hasOwn(known, key)) : [];
  const meant = new Set(
    unknown.filter((key) => ownerOf(key) === undefined).map((key) => nearestWord(key, Object.keys(known))),
  );
  return [
    ...unknown.map(
      (key): Problem => ({ path: [...path, key], rule: "is not a known key", fix: adviseUnknown(key, known) }),
    ),
    ...(spec
      ? missingKeys(spec, values, meant).map(
          (key): Problem => ({ path: [...path, key], rule: "is required", fix: adviseMissing(key, known) }),
        )
      : []),
    ...Object.entries(values).flatMap(([key, value]) =>
      valueProblems([...path, key], Object.hasOwn(known, key) ? known[key] : undefined, value),
    ),
    ...(spec ? placeProblems(path, spec, values) : []),
  ];
}

function adviseUnknown(key: string, known: Readonly<Record<string, CatalogKey>>): string {
  if (key === "<<") return "write the values out instead of merging them";
  const owner = ownerOf(key);
  if (owner !== undefined) return `it is a key of ${owner}; remove it`;
  const nearest = nearestWord(key, Object.keys(known));
  return nearest === undefined ? `known are ${Object.keys(known).join(", ")}` : `did you mean ${nearest}?`;
}

/** The provider that has the key, where this one has not. */
function ownerOf(key: string): string | undefined {
  return Object.keys(CATALOG_PROVIDERS).find((provider) => Object.hasOwn(CATALOG_PROVIDERS[provider]?.keys ?? {}, key));
}

function missingKeys(
  { keys, oneOf }: ProviderKeys,
  values: CatalogEntry["values"],
  meant: ReadonlySet<string | undefined>,
): string[] {
  const isThere = (key: string) => Object.hasOwn(values, key) || meant.has(key);
  const required = Object.keys(keys).filter((key) => keys[key]?.isRequired && !isThere(key));
  return oneOf?.[0] === undefined || oneOf.some(isThere) ? required : [...required, oneOf[0]];
}

function adviseMissing(key: string, known: Readonly<Record<string, CatalogKey>>): string {
  const form = known[key]?.form;
  const example = form && brokenForm(form, null)?.fix.replace(/^write for example /, "");
  return `add for example ${key}: ${example}`;
}

function valueProblems(path: string[], key: CatalogKey | undefined, value: unknown): Problem[] {
  const broken = key && brokenForm(key.form, value);
  if (!broken) return [];
  const isShown = typeof value === "string" || typeof value === "boolean";
  return [{ path, ...broken, ...(isShown ? { got: value } : {}) }];
}

/** Values that must agree with each other: a gateway lies on its subnet, a zone in its region. */
function placeProblems(path: string[], { gateway }: ProviderKeys, values: CatalogEntry["values"]): Problem[] {
  const {
    private_network_ipmask: mask,
    aws_region: region,
    aws_availability_zone: zone,
    gcp_region: gcpRegion,
    gcp_zone: gcpZone,
  } = values;
  const address = gateway === undefined ? undefined : values[gateway];
  const problems: Problem[] = [];
  if (
    gateway !== undefined &&
    !brokenForm({ kind: "prefix" }, mask) &&
    !brokenForm({ kind: "address", example: "" }, address)
  ) {
    if (!doesCidrContainAddress(parseCidr(mask as string), parseIpAddress(address as string))) {
      problems.push({
        path: [...path, gateway],
        rule: `must lie in private_network_ipmask, ${mask}`,
        got: address,
        fix: "use the gateway's address on that network",
      });
    }
  }
  for (const [key, where, what] of [
    ["aws_availability_zone", region, zone],
    ["gcp_zone", gcpRegion, gcpZone],
  ] as const) {
    if (typeof where !== "string" || typeof what !== "string" || what.startsWith(where)) continue;
    problems.push({
      path: [...path, key],
      rule: `must lie in region ${where}`,
      got: what,
      fix: "correct the zone or the region",
    });
  }
  return problems;
}
