import { planRoads, type Road } from "./roads";
import type { Site } from "./site";
import type { Warning } from "./warning";
import { planWatching } from "./watching";

/** What may leave an alarm untold though every part of its road is sound. */
export function roadWarnings(site: Site): Warning[] {
  const roads = planRoads(site);
  return [
    ...site.alarms.flatMap(({ key, emails, relay }) => silentOnes(["alarms", key], emails, relay)),
    ...unwatchedConnections(site),
    ...quietTunnels(site),
    ...sharedControllers(roads),
    ...sameClouds(roads),
    ...unusedRelays(site),
  ];
}

function silentOnes(path: readonly string[], emails: readonly string[], relay: string | undefined): Warning[] {
  if (relay === undefined && emails.length === 0) {
    return [{ path, text: "reaches nobody", why: "give it a relay, emails or both" }];
  }
  if (emails.length === 0) {
    return [
      {
        path,
        text: "has no emails",
        why: "where the relay itself fails, and where the heartbeat stays away, e-mail is all that is left",
      },
    ];
  }
  return [];
}

/** Told where a site has alarms at all: without any, nobody expects to be told. */
function unwatchedConnections(site: Site): Warning[] {
  if (site.alarms.length === 0) return [];
  return planWatching(site)
    .filter(({ alarms }) => alarms.length === 0)
    .map(({ connection: { key } }) => ({
      path: ["connections", key],
      text: "is watched by no alarm",
      why: "nobody is told when its tunnels fall; name it in the watch of an alarm",
    }));
}

/** Azure's tunnels are watched by their traffic: BGP's own, or that of the controller's probe. */
function quietTunnels(site: Site): Warning[] {
  return planWatching(site)
    .filter(({ alarms, connection: { cloud, routing, probe } }) => {
      return alarms.length > 0 && cloud === "azure" && routing === "static" && !probe;
    })
    .map(({ connection: { key } }) => ({
      path: ["connections", key],
      text: "is watched by its traffic alone, and nothing flows through a tunnel that nobody uses",
      why: "a quiet tunnel is told as a fallen one; give the connection a probe, or use routing: bgp",
    }));
}

/**
 * Every chat message comes home through a controller: if that is what failed, none comes. Two controllers never share an
 * uplink address: the file is refused then.
 */
function sharedControllers(roads: readonly Road[]): Warning[] {
  const relayed = roads.filter((road) => road.relayed && road.watched.length > 0);
  const [first, ...others] = new Set(
    relayed.flatMap((road) => (road.relayed ? [road.relayed.carrier.controller] : [])),
  );
  if (!first || others.length > 0) return [];
  if (!relayed.some(({ watched }) => watched.some(({ controller }) => controller === first))) return [];
  return [
    {
      path: ["alarms"],
      text: `all roads to a chat come home through controllers.${first.key} (${first.publicIp}), which also carries what they watch`,
      why: "if it or its line fails the chat hears nothing; e-mail goes another way: give every alarm emails, or let a relay come home by a second controller",
    },
  ];
}

/** Not the same connection, which is refused, but the same cloud. */
function sameClouds(roads: readonly Road[]): Warning[] {
  const seen = new Set<string>();
  return roads.flatMap(({ alarm, cloud, watched, relayed }) => {
    if (!relayed || watched.length === 0 || relayed.network.provider !== cloud || seen.has(alarm.key)) return [];
    seen.add(alarm.key);
    return [
      {
        path: ["alarms", alarm.key],
        text: `watches ${cloud} and comes home over ${cloud} (${relayed.carrier.key})`,
        why: "an outage of that cloud takes the tunnel and its alarm alike; use a relay in another cloud",
      },
    ];
  });
}

function unusedRelays({ relays, alarms }: Site): Warning[] {
  return relays
    .filter(({ key }) => !alarms.some(({ relay }) => relay === key))
    .map(({ key }) => ({
      path: ["relays", key],
      text: "is used by no alarm",
      why: "it costs money and carries nothing; name it in an alarm or remove it",
    }));
}
