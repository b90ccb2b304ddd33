import { UnavailableError } from "./errors";

/** A function has 30 seconds in all. The SDK alone would try eight times, and longer than that. */
const LIMIT_MS = 5_000;

/**
 * Waits for an answer of Oracle's SDK, but not for ever.
 * @param what names the service in errors
 * @throws {UnavailableError} where there is none in time, or an error. The SDK throws plain objects, which a log shows as
 *   [object Object]
 */
export async function askOracle<T>(what: string, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject({ message: `no answer in ${LIMIT_MS / 1000} s` }), LIMIT_MS);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } catch (error) {
    const { statusCode, message } = error as { statusCode?: number; message?: string };
    throw new UnavailableError(`${what}: ${statusCode ?? message ?? "no answer"}`);
  } finally {
    clearTimeout(timer);
  }
}
