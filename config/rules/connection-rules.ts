import type { Problem } from "../problems";
import { adviseKey } from "../schema/to-problems";
import { cloudEnds, cloudOf, type Draft } from "./draft";

/** A connection names a controller and a network that the file has. */
export function namesExist({ declared }: Draft): Problem[] {
  const [controllers, networks] = [[...declared.controllers], [...declared.networks]];
  return declared.references.flatMap(({ connection, controller, network }) => [
    ...missing(
      ["connections", connection, "controller"],
      "a controller",
      controller,
      declared.controllers,
      controllers,
    ),
    ...missing(["connections", connection, "network"], "a network", network, declared.networks, networks),
  ]);
}

function missing(
  path: string[],
  what: string,
  name: string | undefined,
  known: ReadonlySet<string>,
  list: readonly string[],
): Problem[] {
  if (name === undefined || known.has(name)) return [];
  return [{ path, rule: `must name ${what} of this file`, got: name, fix: adviseKey(name, list) }];
}

export function pairsAreUnique(draft: Draft): Problem[] {
  const seen = new Map<string, string>();
  return [...draft.connections].flatMap(([key, { controller, network }]) => {
    const pair = `${controller} ${network}`;
    const first = seen.get(pair);
    if (first === undefined) {
      seen.set(pair, key);
      return [];
    }
    return [
      {
        path: ["connections", key],
        rule: `must not join ${controller} and ${network}, as connections.${first} does`,
        fix: "remove one: a connection has two tunnels already",
      },
    ];
  });
}

/**
 * A controller, or a cloud network that is not peered, without a connection is left over, or a connection was forgotten. Not
 * told where a connection names something that is not there: it is probably the one that is meant.
 */
export function everythingIsUsed({ declared, ...draft }: Draft): Problem[] {
  const { references } = declared;
  const controllers = new Set(references.map(({ controller }) => controller));
  const networks = new Set(references.map(({ network }) => network));
  const unused = (path: readonly string[]): Problem => ({
    path,
    rule: "must be named by a connection",
    fix: "add a connection or remove it",
  });
  const areKnown = (names: ReadonlySet<string | undefined>, known: ReadonlySet<string>): boolean =>
    [...names].every((name) => name !== undefined && known.has(name));
  return [
    ...(areKnown(controllers, declared.controllers)
      ? [...draft.controllers.keys()].filter((key) => !controllers.has(key)).map((key) => unused(["controllers", key]))
      : []),
    ...(areKnown(networks, declared.networks)
      ? cloudEnds({ declared, ...draft })
          .filter(({ id }) => !networks.has(id) && !declared.peered.has(id))
          .map(({ path }) => unused(path))
      : []),
  ];
}

/** What a policy-based connection can be: one prefix pair, static, one tunnel at a time. */
export function policyBasedFits(draft: Draft): Problem[] {
  return [...draft.connections].flatMap(([key, connection]) => {
    if (connection.mode !== "policy-based") return [];
    const path = ["connections", key];
    const fix = "use mode: route-based";
    const subnets = draft.controllers.get(connection.controller)?.subnets ?? [];
    return [
      ...(connection.routing === "static"
        ? []
        : [{ path: [...path, "mode"], rule: "must be route-based with BGP", got: connection.mode, fix }]),
      ...(subnets.length <= 1
        ? []
        : [
            {
              path: [...path, "mode"],
              rule: `must be route-based where the controller has more than one subnet (${connection.controller} has ${subnets.length})`,
              got: connection.mode,
              fix,
            },
          ]),
      ...(connection.balance === "active-standby"
        ? []
        : [
            {
              path: [...path, "balance"],
              rule: "must be active-standby where mode is policy-based",
              got: connection.balance,
              fix: "use balance: active-standby",
            },
          ]),
    ];
  });
}

/** AWS spreads traffic over both tunnels only on a Transit Gateway and only with BGP. @see https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html */
export function awsBalanceFits(draft: Draft): Problem[] {
  return [...draft.connections].flatMap(([key, { balance, network, routing }]) => {
    const aws = draft.aws.get(network.slice("aws/".length));
    if (balance !== "active-active" || cloudOf(network) !== "aws" || !aws) return [];
    if (aws.gateway === "transit" && routing === "bgp") return [];
    return [
      {
        path: ["connections", key, "balance"],
        rule: "must be active-standby on AWS without a Transit Gateway and BGP",
        got: balance,
        fix: `use balance: active-standby, or gateway: transit in networks.${network.replace("/", ".")}`,
      },
    ];
  });
}

/** An Azure connection has one shared key and so one epoch for both tunnels. */
export function azureKeysAreShared(draft: Draft): Problem[] {
  const rule = "must be the same for both tunnels: Azure has one shared key for both";
  return [...draft.connections].flatMap(([key, { network, tunnels }]) => {
    if (cloudOf(network) !== "azure") return [];
    const at = (number: 1 | 2, field: string) => ["connections", key, "tunnels", String(number), field];
    const problems: Problem[] = [];
    if (tunnels[1].psk !== tunnels[2].psk) {
      problems.push({
        path: at(tunnels[2].psk === undefined ? 1 : 2, "psk"),
        rule,
        fix: "name the same env:NAME for tunnels 1 and 2",
      });
    }
    if (tunnels[1].pskEpoch !== tunnels[2].pskEpoch) {
      const number = tunnels[2].pskEpoch === 1 ? 1 : 2;
      problems.push({ path: at(number, "pskEpoch"), rule, got: tunnels[number].pskEpoch, fix: "raise both" });
    }
    return problems;
  });
}

/** @see https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html (routes of a virtual private gateway; VPN connections on it) */
const MOST_PREFIXES_ON_A_VPN_GATEWAY = 100;
const MOST_CONNECTIONS_ON_A_VPN_GATEWAY = 10;

/** @see https://registry.terraform.io/providers/oracle/oci/latest/docs/resources/core_ipsec (static_routes) */
const MOST_STATIC_PREFIXES_ON_ORACLE = 10;

/** How many prefixes a connection may carry to a cloud, and how many connections a gateway takes. */
export function quotasHold(draft: Draft): Problem[] {
  const perGateway = new Map<string, number>();
  return [...draft.connections].flatMap(([key, { controller, network, routing }]) => {
    const path = ["connections", key];
    const hasVpnGateway = cloudOf(network) === "aws" && draft.aws.get(network.slice("aws/".length))?.gateway === "vpn";
    const count = (perGateway.get(network) ?? 0) + 1;
    perGateway.set(network, count);
    const most = hasVpnGateway
      ? MOST_PREFIXES_ON_A_VPN_GATEWAY
      : cloudOf(network) === "oracle" && routing === "static"
        ? MOST_STATIC_PREFIXES_ON_ORACLE
        : Number.POSITIVE_INFINITY;
    const subnets = draft.controllers.get(controller)?.subnets.length ?? 0;
    const problems: Problem[] = [];
    if (subnets > most) {
      const rule = `must carry at most ${most} prefixes (controllers.${controller} has ${subnets})`;
      problems.push({ path, rule, fix: "summarise the controller's subnets" });
    }
    if (hasVpnGateway && count === MOST_CONNECTIONS_ON_A_VPN_GATEWAY + 1) {
      const rule = `must not be the ${count}th connection of a virtual private gateway`;
      problems.push({ path, rule, fix: `use gateway: transit in networks.${network.replace("/", ".")}` });
    }
    return problems;
  });
}
