import type { Problem } from "../problems";
import { activationName, LONGEST_ACTIVATION_SUFFIX, MOST_LAMBDA_NAME } from "../resource-names";
import type { ActivationInput } from "../schema/activations";
import { missing } from "./alarm-rules";
import type { Draft } from "./draft";

/** An activation API stands in a VPC of the site, is reached by somebody, and renews before it expires. */
export function activationsFit(draft: Draft): Problem[] {
  return [...draft.activations].flatMap(([key, entry]) => {
    const path = ["activations", key];
    return [
      ...networkProblems(draft, path, entry),
      ...timeProblems(path, entry),
      ...nameProblems(draft, path, key),
      ...(entry.alarm === undefined ? [] : missing([...path, "alarm"], "an alarm", entry.alarm, draft.declared.alarms)),
    ];
  });
}

function networkProblems(draft: Draft, path: readonly string[], entry: ActivationInput): Problem[] {
  if (!draft.declared.networks.has(entry.network))
    return missing([...path, "network"], "a network", entry.network, draft.declared.networks);
  const network = draft.aws.get(entry.network.slice("aws/".length));
  if (!network) return [];
  const isReached = draft.declared.references.some((one) => one.network === entry.network);
  return [
    ...subnetProblems(path, entry, network.subnets),
    ...(entry.allowedPrefixes === undefined && !isReached
      ? [
          {
            path: [...path, "allowedPrefixes"],
            rule: `is required where no connection ends in ${entry.network}`,
            fix: "name the prefixes that servers call from",
          },
        ]
      : []),
  ];
}

type Subnets = Readonly<Record<string, { readonly availabilityZone: string } | undefined>>;

/** An interface endpoint takes one subnet an availability zone; a resolver endpoint needs two addresses. */
function subnetProblems(path: readonly string[], { subnets, network, dnsForwarding }: ActivationInput, known: Subnets) {
  const zones = new Map<string, string>();
  const problems = subnets.flatMap((name, at): Problem[] => {
    const where = [...path, "subnets", at];
    const zone = known[name]?.availabilityZone;
    if (zone === undefined)
      return [
        { path: where, rule: `must name a subnet of ${network}`, got: name as string, fix: "name one of its subnets" },
      ];
    const first = zones.get(zone);
    zones.set(zone, first ?? name);
    if (first === undefined) return [];
    return [
      {
        path: where,
        rule: `must lie in a zone of its own: ${first} is in ${zone} too, and an endpoint takes one a zone`,
        got: name as string,
        fix: "remove it, or name a subnet in another zone",
      },
    ];
  });
  if (!dnsForwarding || subnets.length > 1) return problems;
  const rule = "must have two entries where dnsForwarding is true: a resolver endpoint has two addresses";
  return [...problems, { path: [...path, "subnets"], rule, fix: "add a subnet in another zone" }];
}

function timeProblems(path: readonly string[], { expiryDays, renewalMarginHours }: ActivationInput): Problem[] {
  if (renewalMarginHours < expiryDays * 24) return [];
  const rule = `must be less than the ${expiryDays * 24} hours of expiryDays`;
  const fix = "use a smaller margin, or more days";
  return [{ path: [...path, "renewalMarginHours"], rule, got: renewalMarginHours, fix }];
}

function nameProblems({ site }: Draft, path: readonly string[], key: string): Problem[] {
  if (site === undefined) return [];
  const name = `${activationName(site, key)}${LONGEST_ACTIVATION_SUFFIX}`;
  if (name.length <= MOST_LAMBDA_NAME) return [];
  const rule = `must make names of at most ${MOST_LAMBDA_NAME} characters (a Lambda function, an IAM role)`;
  return [{ path, rule, got: name, fix: "use a shorter key or site name" }];
}
