import type { z } from "zod";
import { toSite } from "./build-site";
import { ConfigError, type Problem } from "./problems";
import { asnsFit, cloudAsnsFit } from "./rules/asn-rules";
import {
  awsBalanceFits,
  azureKeysAreShared,
  everythingIsUsed,
  namesExist,
  pairsAreUnique,
  policyBasedFits,
  quotasHold,
} from "./rules/connection-rules";
import { controllerAddressesFit } from "./rules/controller-rules";
import type { Draft, Rule } from "./rules/draft";
import { insideCidrsFit } from "./rules/inside-cidr-rules";
import { catalogNamesAreUnique, existingNetworksAreComplete, namesFit, sakuraPoolsFit } from "./rules/network-rules";
import {
  networkSizesFit,
  prefixesAreUsable,
  prefixesDoNotOverlap,
  probesLieInside,
  subnetsLieInside,
} from "./rules/prefix-rules";
import { ENTRY_SCHEMAS, siteSchema } from "./schema/site";
import { toProblems } from "./schema/to-problems";
import type { Site } from "./site";
import { parseYaml } from "./source-map";
import { KEY_PATTERN } from "./values/key";

const RULES: readonly Rule[] = [
  controllerAddressesFit,
  prefixesAreUsable,
  prefixesDoNotOverlap,
  networkSizesFit,
  subnetsLieInside,
  existingNetworksAreComplete,
  catalogNamesAreUnique,
  sakuraPoolsFit,
  namesExist,
  pairsAreUnique,
  everythingIsUsed,
  asnsFit,
  cloudAsnsFit,
  insideCidrsFit,
  policyBasedFits,
  awsBalanceFits,
  azureKeysAreShared,
  quotasHold,
  probesLieInside,
  namesFit,
];

/**
 * Reads a site file's text.
 * @param file the name that messages begin with
 * @throws ConfigError with every problem of the file, in the file's order
 */
export function parseSite(text: string, file: string): Site {
  const source = parseYaml(text);
  if (source.problems.length > 0) throw new ConfigError(file, source.problems);
  const parsed = siteSchema.safeParse(source.value ?? {});
  const shape = parsed.success ? [] : toProblems(siteSchema, parsed.error.issues, source.value ?? {});
  const draft = toDraft(source.value);
  const problems = [...shape, ...RULES.flatMap((rule) => rule(draft))].map(
    (problem): Problem => ({ ...problem, ...source.positionOf(problem.path) }),
  );
  if (problems.length > 0) throw new ConfigError(file, inFileOrder(problems));
  return toSite(parsed.data as z.output<typeof siteSchema>);
}

function inFileOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function toDraft(value: unknown): Draft {
  const root = asRecord(value);
  const networks = asRecord(root.networks);
  const connections = Object.values(asRecord(root.connections)).map(asRecord);
  const namedBy = (field: string) => new Set(connections.map((connection) => String(connection[field])));
  return {
    site: typeof root.site === "string" && KEY_PATTERN.test(root.site) ? root.site : undefined,
    controllers: sound("controllers", root.controllers),
    aws: sound("networks.aws", networks.aws),
    oracle: sound("networks.oracle", networks.oracle),
    azure: sound("networks.azure", networks.azure),
    sakura: sound("networks.sakura", networks.sakura),
    openstack: sound("networks.openstack", networks.openstack),
    onpremises: sound("networks.onpremises", networks.onpremises),
    connections: sound("connections", root.connections),
    declared: {
      controllers: new Set(Object.keys(asRecord(root.controllers))),
      networks: new Set(
        ["aws", "oracle", "azure"].flatMap((cloud) =>
          Object.keys(asRecord(networks[cloud])).map((key) => `${cloud}/${key}`),
        ),
      ),
      usedControllers: namedBy("controller"),
      usedNetworks: namedBy("network"),
    },
  };
}

/** The entries of a section that their own schema accepts. */
function sound<K extends keyof typeof ENTRY_SCHEMAS>(
  section: K,
  value: unknown,
): ReadonlyMap<string, z.output<(typeof ENTRY_SCHEMAS)[K]>> {
  const schema = ENTRY_SCHEMAS[section];
  return new Map(
    Object.entries(asRecord(value)).flatMap(([key, entry]) => {
      const parsed = schema.safeParse(entry);
      return KEY_PATTERN.test(key) && parsed.success ? [[key, parsed.data as z.output<(typeof ENTRY_SCHEMAS)[K]>]] : [];
    }),
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
