import type { FactFile } from "./facts/fact-file";
import { factProblem } from "./facts/fact-problem";
import { matchAwsConfiguration } from "./facts/match-aws-configuration";
import { mergeConnections, mergeNetworks } from "./facts/merge-facts";
import { parseAwsXml } from "./facts/parse-aws-xml";
import {
  type FoundConnection,
  type FoundNetwork,
  parseNetworkFacts,
  parseTunnelFacts,
} from "./facts/parse-tunnel-facts";
import { type Found, recogniseFile, WRITE_OUTPUTS } from "./facts/recognise-file";
import { ConfigError, type Problem } from "./problems";
import { type Connection, type Site, stackName } from "./site";
import type { ConnectionFacts, NetworkFacts } from "./tunnel-facts";

/** What the clouds answered, held against the site: safe to render. */
export interface Facts {
  /** By connection key: every connection of the site is here. */
  readonly connections: ReadonlyMap<string, ConnectionFacts>;
  /** By network id, `aws/tokyo`. Networks whose stack's outputs weren't given, or only AWS's XML, are not here. */
  readonly networks: ReadonlyMap<string, NetworkFacts>;
}

/** What one file, or one part of it, gave. */
interface Reading {
  readonly connections: readonly FoundConnection[];
  readonly networks: readonly FoundNetwork[];
  readonly problems: readonly Problem[];
  /** Something that may hold connections couldn't be read at all. */
  readonly isPartial: boolean;
}

/**
 * Reads the facts of a deployed site from any mix of `cdktf … --outputs-file` JSON, `terraform output -json` and AWS's
 * customer_gateway_configuration XML.
 * @throws ConfigError with every problem of every file, and never with a pre-shared key
 */
export function readFacts(files: readonly FactFile[], site: Site): Facts {
  const connectionsOf = new Map<string, Connection>(site.connections.map((connection) => [connection.key, connection]));
  const readings = files.flatMap((file) => readFile(file, site, connectionsOf));
  const shownName = files.length === 1 && files[0] ? files[0].name : "facts";
  const connections = mergeConnections(readings.flatMap((reading) => reading.connections));
  const networks = mergeNetworks(readings.flatMap((reading) => reading.networks));
  const problems = [
    ...readings.flatMap((reading) => reading.problems),
    ...connections.problems,
    ...networks.problems,
    ...(readings.some(({ isPartial }) => isPartial)
      ? []
      : missingConnections(shownName, site, connections.byKey, networks.byId)),
  ];
  if (problems.length > 0) throw new ConfigError(shownName, problems);
  return { connections: connections.byKey, networks: networks.byId };
}

function readFile(file: FactFile, site: Site, connections: ReadonlyMap<string, Connection>): Reading[] {
  const content = recogniseFile(file);
  return [
    { ...EMPTY, problems: content.problems, isPartial: content.problems.length > 0 },
    ...content.tunnelFacts.map((found) => {
      const { found: some, problems } = parseTunnelFacts(found, connections);
      return { ...EMPTY, connections: some, problems, isPartial: problems.length > 0 };
    }),
    ...content.networkFacts.map((found) => {
      const { found: some, problems } = parseNetworkFacts(found, site);
      return { ...EMPTY, networks: some, problems };
    }),
    ...content.awsConfigurations.map((found) => readAwsXml(found, site)),
  ];
}

const EMPTY: Reading = { connections: [], networks: [], problems: [], isPartial: false };

function readAwsXml({ place, value }: Found<string>, site: Site): Reading {
  const { configuration, problems } = parseAwsXml(place, value);
  if (!configuration) return { ...EMPTY, problems, isPartial: true };
  const matched = matchAwsConfiguration(place, configuration, site);
  const { connection, facts } = matched;
  return {
    ...EMPTY,
    connections: connection && facts ? [{ place, connection, facts }] : [],
    problems: matched.problems,
    isPartial: !connection,
  };
}

function missingConnections(
  file: string,
  site: Site,
  connections: ReadonlyMap<string, ConnectionFacts>,
  networks: ReadonlyMap<string, NetworkFacts>,
): Problem[] {
  return site.connections
    .filter(({ key }) => !connections.has(key))
    .map(({ key, network }) => {
      const place = { file, path: ["connections", key] };
      if (networks.has(network.id))
        return factProblem(
          place,
          `must have facts, and the outputs of stack ${stackName(network)} leave them out as sensitive`,
          WRITE_OUTPUTS,
        );
      return factProblem(
        place,
        "must have facts",
        `deploy stack ${stackName(network)}, and give its outputs too: ${WRITE_OUTPUTS}`,
      );
    });
}
