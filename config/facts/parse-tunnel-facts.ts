import type { z } from "zod";
import type { Problem } from "../problems";
import { type Connection, type Site, stackName } from "../site";
import { type ConnectionFacts, FACTS_VERSION, type NetworkFacts, networkFacts, tunnelFacts } from "../tunnel-facts";
import { compareWithSite } from "./compare-with-site";
import { at, factProblem, type Place, toFactProblems } from "./fact-problem";
import type { Found } from "./recognise-file";

/** Facts of one connection, and where they stand. */
export interface FoundConnection {
  readonly place: Place;
  readonly connection: Connection;
  readonly facts: ConnectionFacts;
}

export interface FoundNetwork {
  readonly place: Place;
  readonly facts: NetworkFacts;
}

/** One stack's `tunnel_facts`, held against the site. */
export function parseTunnelFacts(
  { place, value }: Found<unknown>,
  connections: ReadonlyMap<string, Connection>,
): { found: FoundConnection[]; problems: Problem[] } {
  const parsed = parse(place, tunnelFacts, value);
  if (!parsed.data) return { found: [], problems: parsed.problems };
  const { stack } = parsed.data;
  const found: FoundConnection[] = [];
  const problems: Problem[] = [];
  for (const [key, facts] of Object.entries(parsed.data.connections)) {
    const here = at(place, "connections", key);
    const connection = connections.get(key);
    if (!connection) {
      problems.push(
        factProblem(
          here,
          "must be a connection of the site",
          `deploy stack ${stackNameOf(stack)} again and write its outputs again, or add the connection to the site file`,
        ),
      );
      continue;
    }
    found.push({ place: here, connection, facts });
    problems.push(...compareStack(at(place, "stack"), stack, connection), ...compareWithSite(here, facts, connection));
  }
  return { found, problems };
}

/** One stack's `network_facts`, held against the site. */
export function parseNetworkFacts(
  { place, value }: Found<unknown>,
  site: Site,
): { found: FoundNetwork[]; problems: Problem[] } {
  const parsed = parse(place, networkFacts, value);
  if (!parsed.data) return { found: [], problems: parsed.problems };
  const facts = parsed.data;
  const network = site.networks.find(({ id }) => id === facts.network);
  if (!network) {
    return {
      found: [],
      problems: [
        factProblem(
          at(place, "network"),
          "must be a network of the site",
          "leave this stack's outputs out, or add the network to the site file",
          facts.network,
        ),
      ],
    };
  }
  const wanted = new Set<string>(network.subnets.map(({ key }) => key));
  const missing = [...wanted].filter((key) => !Object.hasOwn(facts.subnets, key));
  const extra = Object.keys(facts.subnets).filter((key) => !wanted.has(key));
  const fix = "deploy the stack again and write its outputs again";
  return {
    found: [{ place, facts }],
    problems: [
      ...missing.map((key) =>
        factProblem(at(place, "subnets", key), "is required: the site file has this subnet", fix),
      ),
      ...extra.map((key) => factProblem(at(place, "subnets", key), "must be a subnet of the site file", fix)),
      ...checkNames(place, facts, network.provider),
    ],
  };
}

/** The names go into the catalog, so they are held to what the site file's own names are. */
function checkNames(place: Place, facts: NetworkFacts, provider: string): Problem[] {
  const { securityGroup, resourceGroup, virtualNetwork, subnets } = facts;
  const fix = "deploy the stack again and write its outputs again";
  const required =
    provider === "azure"
      ? { securityGroup, resourceGroup, virtualNetwork }
      : provider === "aws"
        ? { securityGroup }
        : {};
  const missing = Object.entries(required)
    .filter(([, value]) => value === undefined)
    .map(([name]) => factProblem(at(place, name), `is required for a ${provider === "azure" ? "VNet" : "VPC"}`, fix));
  const named = [
    ...Object.entries({ securityGroup, resourceGroup, virtualNetwork }).map(
      ([name, value]) => [[name], value] as const,
    ),
    ...Object.entries(subnets).map(([name, value]) => [["subnets", name], value] as const),
  ];
  const hostile = named.filter(([, value]) => value !== undefined && !NAME_PATTERN.test(value));
  return [
    ...missing,
    ...hostile.map(([path]) => factProblem(at(place, ...path), "must be an id or a name as the cloud gives it", fix)),
  ];
}

/** What ids of AWS, OCIDs and names of Azure have in common. */
const NAME_PATTERN = /^[A-Za-z0-9][\w.-]{0,254}$/;

function parse<T extends z.ZodType>(
  place: Place,
  schema: T,
  value: unknown,
): { data?: z.output<T>; problems: Problem[] } {
  const version = typeof value === "object" && value !== null && "version" in value ? value.version : undefined;
  if (typeof version === "number" && version !== FACTS_VERSION) {
    const fix =
      version > FACTS_VERSION
        ? "a newer Kakehashi deployed it; use that one, or deploy the stack again with this one"
        : "deploy the stack again with this version of Kakehashi";
    return { problems: [factProblem(at(place, "version"), `must be ${FACTS_VERSION}`, fix, version)] };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { data: parsed.data, problems: [] };
  return { problems: toFactProblems(place, schema, parsed.error.issues, value) };
}

function compareStack(place: Place, got: string, { network }: Connection): Problem[] {
  const wanted = stackName(network);
  return got === wanted
    ? []
    : [
        factProblem(
          place,
          `must be ${wanted}, the stack of ${network.id}`,
          "deploy the stack again and write its outputs again",
          got,
        ),
      ];
}

function stackNameOf(stack: string): string {
  return /^[a-z0-9-]{1,60}$/.test(stack) ? stack : "of that network";
}
