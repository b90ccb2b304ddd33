import type { Problem } from "../problems";
import { MAX_RELAY_NAME_LENGTH, relayName } from "../resource-names";
import type { RelayInput } from "../schema/relays";
import { doesCidrContainAddress } from "../values/cidr";
import { missing } from "./alarm-rules";
import type { Draft } from "./draft";
import { oraclePlace } from "./oracle-relay-rules";

/** A relay names a network, a connection that ends there, and a chat. */
export function relaysNameWhatExists(draft: Draft): Problem[] {
  const { networks, connections, chats } = draft.declared;
  return [...draft.relays].flatMap(([key, { network, connection, chat }]) => {
    const path = ["relays", key];
    const ends = draft.connections.get(connection)?.network;
    return [
      ...missing([...path, "network"], "a network", network, networks),
      ...missing([...path, "connection"], "a connection", connection, connections),
      ...missing([...path, "chat"], "a chat", chat, chats),
      ...(ends === undefined || ends === network
        ? []
        : [
            {
              path: [...path, "connection"],
              rule: `must end in the relay's own network (${network})`,
              got: connection,
              fix: `name a connection to ${network}, or use network: ${ends}`,
            },
          ]),
    ];
  });
}

/** What a relay needs of its network differs from cloud to cloud. */
export function relayPlacesFit(draft: Draft): Problem[] {
  return [...draft.relays].flatMap(([key, relay]) =>
    relay.network.startsWith("aws/") ? awsPlace(draft, key, relay) : oraclePlace(draft, key, relay),
  );
}

function awsPlace(draft: Draft, key: string, relay: RelayInput): Problem[] {
  const path = ["relays", key];
  const network = draft.aws.get(relay.network.slice("aws/".length));
  const notHere = (["gatewayCidr", "functionCidr"] as const)
    .filter((field) => relay[field] !== undefined)
    .map((field) => ({ path: [...path, field], rule: "is for relays on oracle", fix: "remove it" }));
  if (!network) return notHere;
  const known = Object.entries(network.subnets);
  const isPrivate = known.filter(([, subnet]) => !subnet.public).map(([name]) => name);
  const subnets = relay.subnets.flatMap((name, at): Problem[] =>
    isPrivate.includes(name) && relay.subnets.indexOf(name) === at
      ? []
      : [
          {
            path: [...path, "subnets", at],
            rule: `must name a private subnet of ${relay.network}, once`,
            got: name,
            fix: isPrivate.length > 0 ? `known are ${isPrivate.join(", ")}` : "add a private subnet to the network",
          },
        ],
  );
  return [
    ...notHere,
    ...(relay.subnets.length > 0
      ? subnets
      : [
          {
            path: [...path, "subnets"],
            rule: "must name at least one private subnet, in which the notifier stands",
            fix: isPrivate.length > 0 ? `use for example [${isPrivate[0]}]` : "add a private subnet to the network",
          },
        ]),
    ...(relay.wayOut === "nat" && network.natGateway === undefined && !network.existing
      ? [
          {
            path: [...path, "wayOut"],
            rule: `must be endpoints where ${relay.network} has no NAT gateway`,
            got: relay.wayOut,
            fix: "use wayOut: endpoints, or give the network a natGateway",
          },
        ]
      : []),
  ];
}

/** The chat server stands behind the controller that the relay's connection comes home to. */
export function chatsAreReached(draft: Draft): Problem[] {
  return [...draft.relays].flatMap(([key, { connection, chat, network, wayOut }]) => {
    const server = draft.chats.get(chat);
    const controller = draft.controllers.get(draft.connections.get(connection)?.controller ?? "");
    if (!server || !controller) return [];
    const { address } = server;
    if (address === undefined) return network.startsWith("aws/") && wayOut === "nat" ? [] : [needsWayOut(key, chat)];
    if (controller.subnets.some((subnet) => doesCidrContainAddress(subnet, address))) return [];
    return [
      {
        path: ["relays", key, "chat"],
        rule: `must stand behind the controller of ${connection} (${controller.subnets.join(", ")}), and chats.${chat} is ${address}`,
        fix: "use a connection to the controller that the server stands behind",
      },
    ];
  });
}

function needsWayOut(key: string, chat: string): Problem {
  return {
    path: ["relays", key, "chat"],
    rule: `must have an address behind the controller, and chats.${chat} has none`,
    fix: "give it its address; for a service on the Internet use a relay on aws with wayOut: nat",
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (64 characters) */
export function relayNamesFit({ site, relays }: Draft): Problem[] {
  if (site === undefined) return [];
  return [...relays.keys()]
    .map((key) => ({ path: ["relays", key], name: relayName(site, key) }))
    .filter(({ name }) => name.length > MAX_RELAY_NAME_LENGTH)
    .map(({ path, name }) => ({
      path,
      rule: `must make a name of at most ${MAX_RELAY_NAME_LENGTH} characters`,
      got: name,
      fix: "use a shorter key or site name",
    }));
}
