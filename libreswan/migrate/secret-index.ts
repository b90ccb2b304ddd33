import type { PlannedConn } from "./plan-migration";
import type { SecretEntry } from "./read-secrets";

/** Which entry a conn's key is in. */
export interface SecretMatch {
  readonly entry: SecretEntry;
  /** Whether Libreswan finds it too: each index must be one of the two ids. */
  readonly isFound: boolean;
}

/** Enough for any real file; keeps the search short for one made to be slow. */
const MAX_CANDIDATES = 50;

/** Finds the key of a conn as Libreswan does. @see https://libreswan.org/man/ipsec.secrets.5.html */
export class SecretIndex {
  readonly #byId = new Map<string, SecretEntry[]>();

  constructor(entries: readonly SecretEntry[]) {
    for (const entry of entries) {
      if (entry.kind !== "PSK" || entry.value === undefined) continue;
      for (const id of entry.indices.length > 0 ? entry.indices : [""]) this.#add(id, entry);
    }
  }

  /** The entry that Libreswan would take, else the one that was meant: one that names the peer. */
  match({ facts, localId }: PlannedConn): SecretMatch | undefined {
    const { remoteId, peer } = facts;
    const own = localId === undefined ? [] : this.#get(localId);
    const theirs = this.#get(remoteId);
    const isAny = ({ indices }: SecretEntry) => indices.includes("%any") || indices.includes("0.0.0.0");
    const byPeer = theirs[0] ?? this.#get(peer)[0];
    const found =
      own.find(({ indices }) => indices.includes(remoteId)) ??
      [...own, ...theirs.filter(({ indices }) => indices.length > 1)].find(isAny) ??
      own.find(({ indices }) => indices.length === 1) ??
      // Without an id of its own the conn uses the address that it finds, which the entry may name.
      (localId === undefined ? theirs.find(({ indices }) => indices.length > 1) : undefined) ??
      (byPeer ? undefined : this.#get("")[0]);
    if (found) return { entry: found, isFound: true };
    return byPeer && { entry: byPeer, isFound: false };
  }

  #get(id: string): readonly SecretEntry[] {
    return this.#byId.get(id) ?? [];
  }

  #add(id: string, entry: SecretEntry): void {
    const entries = this.#byId.get(id);
    if (!entries) this.#byId.set(id, [entry]);
    else if (entries.length < MAX_CANDIDATES) entries.push(entry);
  }
}
