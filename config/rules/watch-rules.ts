import type { Problem } from "../problems";
import { longestName } from "../resource-names";
import { adviseKey } from "../schema/to-problems";
import type { WatchInput } from "../schema/watches";
import { missing } from "./alarm-rules";
import type { Draft } from "./draft";

/** The function's environment holds the connections too, and has 4 KB. */
const MOST_CONNECTIONS = 10;

/** As UTF-8, for the same reason. */
const MOST_NAME_BYTES = 1200;

/** A watch stands in one region, and names what the file has. */
export function watchesFit(draft: Draft): Problem[] {
  return [...draft.watches].flatMap(([key, watch]) => {
    const path = ["watches", key];
    return [
      ...placeFits(draft, path, watch),
      ...connectionsFit(draft, path, watch),
      ...instancesFit(path, watch),
      ...nameFits(draft, path, key, watch),
      ...(watch.alarm === undefined
        ? []
        : missing([...path, "alarm"], "an entry of alarms", watch.alarm, draft.declared.alarms)),
      ...(watch.agent !== undefined && watch.mode === "live"
        ? [
            {
              path: [...path, "agent"],
              rule: "must not be given with mode: live",
              got: watch.agent,
              fix: "remove it: the function finds out what the agents report",
            },
          ]
        : []),
    ];
  });
}

function placeFits({ declared }: Draft, path: readonly string[], { network, region }: WatchInput): Problem[] {
  if ((network === undefined) === (region === undefined)) {
    const fix = "give one of them: network for one VPC's instances, region for all";
    return [{ path, rule: `must have network or region, ${network === undefined ? "not neither" : "not both"}`, fix }];
  }
  if (network === undefined || declared.networks.has(network)) return [];
  const aws = [...declared.networks].filter((id) => id.startsWith("aws/"));
  return [
    {
      path: [...path, "network"],
      rule: "must name a network of this file",
      got: network,
      fix: adviseKey(network, aws),
    },
  ];
}

function instancesFit(path: readonly string[], { instances, mode }: WatchInput): Problem[] {
  const bytes = new TextEncoder().encode(instances.join("")).length;
  if (mode === "simple" || bytes <= MOST_NAME_BYTES) return [];
  const rule = `must have at most ${MOST_NAME_BYTES} bytes in all with mode: live`;
  return [{ path: [...path, "instances"], rule, got: bytes, fix: "use shorter patterns, or make a second watch" }];
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html (Name: 64) */
const MOST_NAME_CHARACTERS = 64;

/** The live mode's function has rules named after it. */
function nameFits({ site }: Draft, path: readonly string[], key: string, { mode }: WatchInput): Problem[] {
  const name = site === undefined || mode === "simple" ? "" : longestName(site, `watch-${key}`, "-schedule");
  if (name.length <= MOST_NAME_CHARACTERS) return [];
  const rule = `must make names of at most ${MOST_NAME_CHARACTERS} characters (an EventBridge rule)`;
  return [{ path, rule, got: name, fix: "use a shorter key or site name" }];
}

function connectionsFit(draft: Draft, path: readonly string[], watch: WatchInput): Problem[] {
  const names = watch.connections ?? [];
  const shown = watch.connections ?? [...draft.connections].filter(([, { network }]) => network === watch.network);
  const known = new Set(draft.declared.references.map(({ connection }) => connection));
  const region = regionOf(draft, watch);
  const problems = names.flatMap((name, at): Problem[] => {
    const where = [...path, "connections", at];
    if (!known.has(name)) {
      return [
        { path: where, rule: "must name a connection of this file", got: name, fix: adviseKey(name, [...known]) },
      ];
    }
    if (names.indexOf(name) < at) return [{ path: where, rule: "must be named once", got: name, fix: "remove it" }];
    const network = draft.connections.get(name)?.network;
    if (network === undefined) return [];
    if (!network.startsWith("aws/")) {
      const fix = "remove it: CloudWatch knows AWS's tunnels only";
      return [{ path: where, rule: "must end in an AWS network", got: name, fix }];
    }
    const other = draft.aws.get(network.slice("aws/".length))?.region;
    if (region === undefined || other === undefined || other === region) return [];
    const rule = `must end in a network in ${region}`;
    return [{ path: where, rule, got: name, fix: `make another watch in ${other} for it` }];
  });
  if (shown.length <= MOST_CONNECTIONS) return problems;
  const rule = `must show at most ${MOST_CONNECTIONS} connections`;
  const fix = "list some of them, and make a second watch for the others";
  return [...problems, { path: [...path, "connections"], rule, got: shown.length, fix }];
}

function regionOf(draft: Draft, { network, region }: WatchInput): string | undefined {
  return network === undefined ? region : draft.aws.get(network.slice("aws/".length))?.region;
}
