import { createHash, timingSafeEqual } from "node:crypto";
import type { CachedSecret } from "../common/secret-store";

/** How long a rotation may go unseen by a token that matches. */
export const TOKEN_AGE_MS = 60_000;
/** Wrong tokens may make the store be asked so often, and no more. */
const REFRESH_MS = 5_000;

/**
 * Whether a token opens the relay: the current secret does, and the previous one, so that a rotation has no gap. A token that
 * matches neither is compared once more with what the store says now.
 * @throws where the store can't be asked: neither a yes nor a no, the caller tries again
 */
export async function isAllowed(token: string | undefined, secrets: readonly CachedSecret[]): Promise<boolean> {
  if (!token || token.length > 1024) return false;
  const held = await Promise.all(secrets.map((secret) => secret.get(TOKEN_AGE_MS)));
  if (matches(token, held)) return true;
  const fresh = await Promise.all(secrets.map((secret) => secret.get(REFRESH_MS)));
  return matches(token, fresh);
}

/** Takes as long whichever secret it is, and whether it is one. */
function matches(token: string, secrets: readonly (string | undefined)[]): boolean {
  const given = digest(token);
  let found = false;
  for (const secret of secrets) {
    const value = secret?.trim() ?? "";
    // A secret that is absent or empty opens to nobody.
    const isSame = timingSafeEqual(given, digest(value)) && value !== "";
    found = isSame || found;
  }
  return found;
}

/** Equal lengths, as the comparison needs them. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
