import type { z } from "zod";
import { toSite } from "./build-site";
import { ConfigError, type Problem } from "./problems";
import { accountNamesFit, accountsAreApart, accountsFit } from "./rules/account-rules";
import { activationsFit } from "./rules/activation-rules";
import { alarmsNameWhatExists, roadsLeadAround } from "./rules/alarm-rules";
import { appliancesFit } from "./rules/appliance-rules";
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
import type { Rule } from "./rules/draft";
import { existingNetworksAreComplete, zonesFit } from "./rules/existing-network-rules";
import { insideCidrsFit } from "./rules/inside-cidr-rules";
import { catalogNamesAreUnique, namesFit } from "./rules/name-rules";
import { notifiersFit } from "./rules/notifier-rules";
import { prefixesDoNotOverlap } from "./rules/overlap-rules";
import { peersDoNotOverlap } from "./rules/peering-overlap-rules";
import { peeringsAreUnique, peeringsFit } from "./rules/peering-rules";
import { prefixesAreUsable, probesLieInside } from "./rules/prefix-rules";
import { chatsAreReached, relayNamesFit, relayPlacesFit, relaysNameWhatExists } from "./rules/relay-rules";
import { azureSubnetNamesAreFree, networkSizesFit, subnetsLieInside } from "./rules/subnet-rules";
import { toDraft } from "./rules/to-draft";
import { watchesFit } from "./rules/watch-rules";
import { siteSchema } from "./schema/site";
import { toProblems } from "./schema/to-problems";
import { hideSecretsInKeys } from "./secret-fields";
import type { Site } from "./site";
import { parseYaml } from "./source-map";

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
  azureSubnetNamesAreFree,
  relaysNameWhatExists,
  relayPlacesFit,
  chatsAreReached,
  relayNamesFit,
  alarmsNameWhatExists,
  roadsLeadAround,
  appliancesFit,
  notifiersFit,
  watchesFit,
  accountsFit,
  accountsAreApart,
  accountNamesFit,
  peeringsFit,
  peeringsAreUnique,
  peersDoNotOverlap,
  activationsFit,
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
  const draft = toDraft(input, parsed.data);
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
