import type { Problem } from "../problems";
import type { Connection } from "../site";
import type { ConnectionFacts, TunnelFact } from "../tunnel-facts";
import { at, factProblem, type Place } from "./fact-problem";

const INSIDE_FIELDS = ["cloudInsideAddress", "controllerInsideAddress"] as const;
const DEPLOY_AGAIN = "deploy the stack again and write its outputs again, or correct the site file";

/** Everything in which a connection's facts differ from what the site file says. */
export function compareWithSite(place: Place, facts: ConnectionFacts, connection: Connection): Problem[] {
  return [
    ...compareName(at(place, "controller"), facts.controller, connection.controller.key),
    ...compareName(at(place, "network"), facts.network, connection.network.id),
    ...compareInsideAddresses(place, facts, connection),
    ...compareEpochs(place, facts, connection),
    ...checkCloudAddresses(place, facts, connection),
  ];
}

function compareName(place: Place, got: string, wanted: string): Problem[] {
  return got === wanted ? [] : [factProblem(place, `must be ${wanted} as in the site file`, DEPLOY_AGAIN, got)];
}

function compareInsideAddresses(place: Place, facts: ConnectionFacts, { tunnels }: Connection): Problem[] {
  const [first, second] = tunnels;
  const isSwapped =
    facts.tunnels[1].cloudInsideAddress === second.cloudInsideAddress &&
    facts.tunnels[2].cloudInsideAddress === first.cloudInsideAddress;
  if (isSwapped) {
    return [
      factProblem(
        at(place, "tunnels"),
        "must be in the site file's order, and the two are swapped",
        "swap the two insideCidr in the site file, or deploy the stack again",
      ),
    ];
  }
  return tunnels.flatMap((tunnel) =>
    INSIDE_FIELDS.flatMap((field) => {
      const got = facts.tunnels[tunnel.number][field];
      if (got === tunnel[field]) return [];
      return [
        factProblem(
          at(place, "tunnels", tunnel.number, field),
          `must be ${tunnel[field]} as in the site file`,
          DEPLOY_AGAIN,
          got,
        ),
      ];
    }),
  );
}

function compareEpochs(place: Place, facts: ConnectionFacts, connection: Connection): Problem[] {
  return connection.tunnels.flatMap(({ number, pskEpoch }) => {
    const got = facts.tunnels[number].pskEpoch;
    if (got === pskEpoch) return [];
    const path = `connections.${connection.key}.tunnels.${number}.pskEpoch`;
    const fix =
      got < pskEpoch
        ? "deploy the stack first, so that the cloud has the new key, and write its outputs again"
        : `a newer site file was deployed; set ${path} to ${got}`;
    return [factProblem(at(place, "tunnels", number, "pskEpoch"), `must be ${pskEpoch} as in the site file`, fix, got)];
  });
}

function checkCloudAddresses(place: Place, { tunnels }: ConnectionFacts, { controller }: Connection): Problem[] {
  const own = ([1, 2] as const)
    .filter((number) => tunnels[number].cloudAddress === controller.publicIp)
    .map((number) =>
      factProblem(
        at(place, "tunnels", number, "cloudAddress"),
        `must not be controllers.${controller.key}.publicIp`,
        DEPLOY_AGAIN,
        tunnels[number].cloudAddress,
      ),
    );
  if (!haveSameAddress(tunnels[1], tunnels[2])) return own;
  return [
    ...own,
    factProblem(
      at(place, "tunnels", 2, "cloudAddress"),
      "must differ from tunnel 1's",
      DEPLOY_AGAIN,
      tunnels[2].cloudAddress,
    ),
  ];
}

function haveSameAddress(a: TunnelFact, b: TunnelFact): boolean {
  return a.cloudAddress === b.cloudAddress;
}
