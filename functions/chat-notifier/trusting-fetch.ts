import type { Fetch } from "../common/post-with-patience";

/** Fetch that trusts a private authority, and no other: Node's own `fetch` can't be told. @param ca certificates in PEM */
export async function trustingFetch(ca: string | undefined): Promise<Fetch> {
  if (!ca) return fetch;
  // Only sites with a private authority pay for loading it.
  const undici = await import("undici");
  const dispatcher = new undici.Agent({ connect: { ca } });
  return ((url: string, init: import("undici").RequestInit) =>
    undici.fetch(url, { ...init, dispatcher })) as unknown as Fetch;
}
