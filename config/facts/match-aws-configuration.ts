import type { Problem } from "../problems";
import type { Connection, Site, Tunnel } from "../site";
import type { ConnectionFacts, TunnelFact } from "../tunnel-facts";
import { compareWithSite } from "./compare-with-site";
import { at, factProblem, type Place } from "./fact-problem";
import type { AwsConfiguration, AwsTunnel } from "./parse-aws-xml";

/** The connection that an XML speaks of, and its facts in the site's order. */
export interface MatchedConfiguration {
  readonly connection?: Connection;
  readonly facts?: ConnectionFacts;
  readonly problems: readonly Problem[];
}

/**
 * AWS's XML doesn't know the site file's names: a connection is told by its two inside CIDRs and the controller's address.
 * It has no pskEpoch either; its keys are taken for the site's.
 */
export function matchAwsConfiguration(place: Place, configuration: AwsConfiguration, site: Site): MatchedConfiguration {
  const ofAws = site.connections.filter(({ cloud }) => cloud === "aws");
  const withItsCidrs = ofAws.filter((connection) => tunnelsInOrder(connection, configuration) !== undefined);
  const connection = withItsCidrs.find(({ controller }) =>
    configuration.tunnels.every(({ controllerAddress }) => controllerAddress === controller.publicIp),
  );
  if (!connection)
    return {
      problems: [
        withItsCidrs[0] ? otherController(configuration, withItsCidrs[0]) : otherCidrs(place, configuration, ofAws),
      ],
    };
  const [first, second] = tunnelsInOrder(connection, configuration) as readonly [AwsTunnel, AwsTunnel];
  const tunnels = { 1: toFact(first, connection.tunnels[0]), 2: toFact(second, connection.tunnels[1]) };
  const facts = { controller: connection.controller.key as string, network: connection.network.id, tunnels };
  return {
    connection,
    facts,
    problems: [
      ...compareRouting(place, configuration, connection),
      ...compareWithSite(place, facts, connection),
      ...compareAsns(configuration, connection),
    ],
  };
}

function tunnelsInOrder(
  { tunnels }: Connection,
  configuration: AwsConfiguration,
): readonly [AwsTunnel, AwsTunnel] | undefined {
  const [first, second] = tunnels.map(({ insideCidr }) =>
    configuration.tunnels.find((tunnel) => tunnel.insideCidr === insideCidr),
  );
  return first && second ? [first, second] : undefined;
}

function toFact(
  { cloudAddress, cloudInsideAddress, controllerInsideAddress, presharedKey }: AwsTunnel,
  { pskEpoch }: Tunnel,
): TunnelFact {
  return { cloudAddress, cloudInsideAddress, controllerInsideAddress, presharedKey, pskEpoch };
}

function otherController(configuration: AwsConfiguration, { key, controller }: Connection): Problem {
  const other = configuration.tunnels.find(
    ({ controllerAddress }) => controllerAddress !== controller.publicIp,
  ) as AwsTunnel;
  return factProblem(
    at(other.place, "customer_gateway", "tunnel_outside_address", "ip_address"),
    `must be controllers.${controller.key}.publicIp, ${controller.publicIp}, as connections.${key} has the same inside CIDRs`,
    "download the file of the site's own connection, or correct publicIp",
    other.controllerAddress,
  );
}

function otherCidrs(place: Place, { tunnels }: AwsConfiguration, ofAws: readonly Connection[]): Problem {
  const found = tunnels.map(({ insideCidr }) => insideCidr).join(" and ");
  const here = ofAws.filter(({ controller }) =>
    tunnels.every(({ controllerAddress }) => controllerAddress === controller.publicIp),
  );
  const [only] = here.length === 1 ? here : [];
  const fix = only
    ? `if it is connections.${only.key}, write them there as tunnels.1.insideCidr and tunnels.2.insideCidr (the site file has ${only.tunnels.map(({ insideCidr }) => insideCidr).join(" and ")})`
    : "write them as tunnels.1.insideCidr and tunnels.2.insideCidr of the connection that it is, or leave this file out";
  return factProblem(
    at(place, "vpn_connection"),
    `must have the inside CIDRs of one of the site's AWS connections, and has ${found}`,
    fix,
  );
}

function compareRouting(place: Place, { isStatic }: AwsConfiguration, { key, routing }: Connection): Problem[] {
  const deployed = isStatic ? "static" : "bgp";
  if (deployed === routing) return [];
  return [
    factProblem(
      at(place, "vpn_connection"),
      `must be a ${routing} connection as connections.${key} in the site file`,
      `deploy the stack again, or set routing: ${deployed}`,
      deployed,
    ),
  ];
}

function compareAsns({ tunnels }: AwsConfiguration, { routing, controller, network }: Connection): Problem[] {
  if (routing !== "bgp") return [];
  return tunnels.flatMap(({ place, controllerAsn, cloudAsn }) =>
    (
      [
        ["customer_gateway", controllerAsn, controller.asn, `controllers.${controller.key}.asn`],
        ["vpn_gateway", cloudAsn, network.asn, `networks.${network.provider}.${network.key}.asn`],
      ] as const
    )
      .filter(([, got, wanted]) => got !== undefined && got !== wanted)
      .map(([side, got, wanted, path]) =>
        factProblem(
          at(place, side, "bgp", "asn"),
          `must be ${path}, ${wanted}`,
          "deploy the stack again, or correct the site file",
          got,
        ),
      ),
  );
}
