import type { z } from "zod";
import { toSite } from "./build-site";
import { ConfigError, type Problem } from "./problems";
import { asnsFit, cloudAsnsFit } from "./rules/asn-rules";
import { catalogValuesFit, sakuraPoolsFit } from "./rules/catalog-rules";
import {
  awsBalanceFits,
  azureKeysAreShared,
  everythingIsUsed,
  namesExist,
  pairsAreUnique,
  policyBasedFits,
  quotasHold,
} from "./rules/connection-rules";
import { controllersFit } from "./rules/controller-rules";
import type { Draft, Rule } from "./rules/draft";
import { existingNetworksAreComplete, zonesFit } from "./rules/existing-network-rules";
import { insideCidrsFit } from "./rules/inside-cidr-rules";
import { catalogNamesAreUnique, namesFit } from "./rules/name-rules";
import { prefixesDoNotOverlap } from "./rules/overlap-rules";
import { prefixesAreUsable, probesLieInside } from "./rules/prefix-rules";
import { networkSizesFit, subnetsLieInside } from "./rules/subnet-rules";
import { NETWORK_ID_PATTERN } from "./schema/connections";
import { ENTRY_SCHEMAS, siteSchema } from "./schema/site";
import { toProblems } from "./schema/to-problems";
import { hideSecretsInKeys } from "./secret-fields";
import type { Site } from "./site";
import { parseYaml } from "./source-map";
import { isKey, KEY_PATTERN } from "./values/key";

const RULES: readonly Rule[] = [
  controllersFit,
  prefixesAreUsable,
  prefixesDoNotOverlap,
  networkSizesFit,
  subnetsLieInside,
  existingNetworksAreComplete,
  catalogNamesAreUnique,
  sakuraPoolsFit,
  catalogValuesFit,
  zonesFit,
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
  if (source.value === undefined && source.problems.length > 0) throw new ConfigError(file, source.problems);
  const input = source.value ?? {};
  const parsed = siteSchema.safeParse(input);
  const shape = parsed.success ? [] : toProblems(siteSchema, parsed.error.issues, input);
  const draft = toDraft(input);
  const problems = [...source.problems, ...except(source.problems, [...shape, ...RULES.flatMap((rule) => rule(draft))])]
    .map((problem): Problem => ({ ...source.positionOf(problem.path), ...problem }))
    .map((problem): Problem => ({ ...problem, path: hideSecretsInKeys(problem.path) }));
  if (problems.length > 0) throw new ConfigError(file, inFileOrder(problems));
  return toSite(parsed.data as z.output<typeof siteSchema>);
}

/** What could not be read at all is told once, and not again as missing. */
function except(told: readonly Problem[], problems: readonly Problem[]): readonly Problem[] {
  const paths = new Set(told.map(({ path }) => path.join("\0")));
  return paths.size === 0 ? problems : problems.filter(({ path }) => !paths.has(path.join("\0")));
}

function inFileOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function toDraft(value: unknown): Draft {
  const root = asRecord(value);
  const networks = asRecord(root.networks);
  return {
    site: typeof root.site === "string" && isKey(root.site) ? root.site : undefined,
    controllers: sound("controllers", root.controllers),
    aws: sound("networks.aws", networks.aws),
    oracle: sound("networks.oracle", networks.oracle),
    azure: sound("networks.azure", networks.azure),
    sakura: sound("networks.sakura", networks.sakura),
    openstack: sound("networks.openstack", networks.openstack),
    onpremises: sound("networks.onpremises", networks.onpremises),
    connections: sound("connections", root.connections),
    declared: {
      controllers: new Set(Object.keys(asRecord(root.controllers)).filter(isKey)),
      networks: new Set(
        ["aws", "oracle", "azure"].flatMap((cloud) =>
          Object.keys(asRecord(networks[cloud]))
            .filter(isKey)
            .map((key) => `${cloud}/${key}`),
        ),
      ),
      references: Object.entries(asRecord(root.connections)).map(([connection, entry]) => {
        const { controller, network } = asRecord(entry);
        return {
          connection,
          controller: asText(controller, KEY_PATTERN),
          network: asText(network, NETWORK_ID_PATTERN),
        };
      }),
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
      return isKey(key) && parsed.success ? [[key, parsed.data as z.output<(typeof ENTRY_SCHEMAS)[K]>]] : [];
    }),
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The value, if it is text of this form. What is not is another rule's problem. */
function asText(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === "string" && pattern.test(value) ? value : undefined;
}
