import type { Problem } from "../problems";
import { ALL_CONNECTIONS, type AlarmInput } from "../schema/alarms";
import { adviseKey } from "../schema/to-problems";
import type { Draft } from "./draft";

/** An alarm names a relay and connections that the file has, each once. */
export function alarmsNameWhatExists(draft: Draft): Problem[] {
  const { relays, connections } = draft.declared;
  return [...draft.alarms].flatMap(([key, { relay, watch }]) => [
    ...(relay === undefined ? [] : missing(["alarms", key, "relay"], "a relay", relay, relays)),
    ...(watch === ALL_CONNECTIONS ? [] : watch).flatMap((name, at) => [
      ...missing(["alarms", key, "watch", at], "a connection", name, connections),
      ...repeated(["alarms", key, "watch", at], watch, name, at),
    ]),
  ]);
}

export function missing(
  path: readonly (string | number)[],
  what: string,
  name: string,
  known: ReadonlySet<string>,
): Problem[] {
  if (known.has(name)) return [];
  return [{ path, rule: `must name ${what} of this file`, got: name, fix: adviseKey(name, [...known]) }];
}

function repeated(path: readonly (string | number)[], list: AlarmInput["watch"], name: string, at: number): Problem[] {
  if (list === ALL_CONNECTIONS || (list as readonly string[]).indexOf(name) === at) return [];
  return [{ path, rule: "must be named once", got: name, fix: "remove it here" }];
}

/** A tunnel's alarm can't travel over the tunnel that it tells of. */
export function roadsLeadAround(draft: Draft): Problem[] {
  return [...draft.alarms].flatMap(([key, { relay: relayKey, watch }]) => {
    const relay = relayKey === undefined ? undefined : draft.relays.get(relayKey);
    if (!relay) return [];
    const carrier = relay.connection as string;
    const watched: readonly string[] = watch === ALL_CONNECTIONS ? [...draft.declared.connections] : watch;
    if (!watched.includes(carrier)) return [];
    const others = watched.filter((name) => name !== carrier);
    const rest = others.length > 0 ? `watch [${others.join(", ")}] here, and` : "watch";
    return [
      {
        path: ["alarms", key, "watch"],
        rule: `must not hold ${carrier}, over which relays.${relayKey} carries the alarm`,
        fix: `${rest} ${carrier} in an alarm whose relay stands in another network`,
      },
    ];
  });
}
