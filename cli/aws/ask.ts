import { ExternalError } from "../../config/problems";

/**
 * Asks AWS one thing.
 * @param action what an IAM policy would call it
 * @throws ExternalError whatever goes wrong
 */
export async function ask<T>(action: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const { name, message } = error as Error;
    throw new ExternalError(`AWS did not answer ${action}: ${name}: ${message}`);
  }
}
