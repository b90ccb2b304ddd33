import type { Problem } from "../problems";
import type { ConnectionFacts, NetworkFacts } from "../tunnel-facts";
import { at, factProblem } from "./fact-problem";
import type { FoundConnection, FoundNetwork } from "./parse-tunnel-facts";

const KEEP_ONE = "give only the newer of the two";

/** One set of facts a connection; the same facts twice are fine, two different ones are not. */
export function mergeConnections(found: readonly FoundConnection[]): {
  byKey: Map<string, ConnectionFacts>;
  problems: Problem[];
} {
  const first = new Map<string, FoundConnection>();
  const problems: Problem[] = [];
  for (const next of found) {
    const { key } = next.connection;
    const known = first.get(key);
    if (!known) first.set(key, next);
    else if (!isSame(known.facts, next.facts))
      problems.push(
        factProblem(
          next.place,
          `must be as in ${known.place.file}, and connections.${key} has other facts there`,
          KEEP_ONE,
        ),
      );
  }
  const all = [...first.values()];
  return {
    byKey: new Map(all.map(({ connection, facts }) => [connection.key, facts])),
    problems: [...problems, ...sharedAddresses(all)],
  };
}

export function mergeNetworks(found: readonly FoundNetwork[]): {
  byId: Map<string, NetworkFacts>;
  problems: Problem[];
} {
  const first = new Map<string, FoundNetwork>();
  const problems: Problem[] = [];
  for (const next of found) {
    const known = first.get(next.facts.network);
    if (!known) first.set(next.facts.network, next);
    else if (!isSame(known.facts, next.facts))
      problems.push(
        factProblem(
          next.place,
          `must be as in ${known.place.file}, and ${next.facts.network} has other facts there`,
          KEEP_ONE,
        ),
      );
  }
  return { byId: new Map([...first].map(([id, { facts }]) => [id, facts])), problems };
}

/** A controller tells its tunnels apart by the cloud's address. Another controller may well have the same one: Azure's gateway. */
function sharedAddresses(found: readonly FoundConnection[]): Problem[] {
  const owner = new Map<string, string>();
  return found.flatMap(({ place, connection, facts }) =>
    ([1, 2] as const).flatMap((number) => {
      const { cloudAddress } = facts.tunnels[number];
      const id = `${connection.controller.key} ${cloudAddress}`;
      const other = owner.get(id);
      owner.set(id, other ?? connection.key);
      if (other === undefined || other === connection.key) return [];
      return [
        factProblem(
          at(place, "tunnels", number, "cloudAddress"),
          `must differ from those of connections.${other}, which ends on the same controller`,
          "write the outputs again: one of the two is another connection's",
          cloudAddress,
        ),
      ];
    }),
  );
}

/** Both come from the same schema, so that equal facts have their fields in the same order, but for records' keys. */
function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
      : inner,
  );
}
