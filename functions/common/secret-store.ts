/** A cloud's secret store, as narrow as the functions need it. */
export interface SecretStore {
  /** @returns undefined where there is no such version yet; throws where the store can't be asked */
  read(id: string, version: "current" | "previous"): Promise<string | undefined>;
}

export interface CachedSecret {
  /** The value, at most `maxAgeMs` old. */
  get(maxAgeMs?: number): Promise<string | undefined>;
}

/** Asked on every request, read from the store now and then: a warm function lives for hours, a secret is rotated. */
export function cacheSecret(
  read: () => Promise<string | undefined>,
  now: () => number,
  usualAgeMs: number,
): CachedSecret {
  let held: { readonly value: Promise<string | undefined>; readonly atMs: number } | undefined;
  return {
    get: (maxAgeMs = usualAgeMs) => {
      if (!held || now() - held.atMs >= maxAgeMs) {
        const fresh = { value: read(), atMs: now() };
        // A failure must not be remembered.
        fresh.value.catch(() => {
          if (held === fresh) held = undefined;
        });
        held = fresh;
      }
      return held.value;
    },
  };
}
