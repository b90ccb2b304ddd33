/** A function's environment does not say what it must: its stack and its code differ. Never holds a value. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {EnvironmentError} naming the variable, where it is absent or empty */
export function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new EnvironmentError(`${name}: must be set in the function's environment`);
  return value;
}

/** @throws {EnvironmentError} naming the variable and what it may be */
export function oneOf<T extends string>(environment: Environment, name: string, allowed: readonly T[]): T {
  const value = required(environment, name);
  const found = allowed.find((candidate) => candidate === value);
  if (!found) throw new EnvironmentError(`${name}: must be one of ${allowed.join(", ")}`);
  return found;
}

/** @throws {EnvironmentError} naming the variable, where it is no https URL; plain http is for loopback alone */
export function httpsUrl(environment: Environment, name: string): URL {
  const text = required(environment, name);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !(url.protocol === "https:" || isLoopback(url))) {
    throw new EnvironmentError(`${name}: must be an https URL`);
  }
  return url;
}

/** A test's or the lab's own server: nothing leaves the machine. */
export function isLoopback(url: URL): boolean {
  return url.protocol === "http:" && ["127.0.0.1", "[::1]"].includes(url.hostname);
}
