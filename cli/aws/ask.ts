import { ExternalError } from "../../config/problems";
import type { Known } from "../account/account-facts";

/** As the services call a lack of permission, each in its own way. */
const REFUSALS = /^(AccessDenied(Exception)?|AuthorizationError(Exception)?|UnauthorizedOperation|Forbidden)$/;

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

/**
 * Asks what a report can do without, where the caller may not know it.
 * @param action what an IAM policy would call it
 * @throws ExternalError but for a lack of permission
 */
export async function askFor<T>(action: string, send: () => Promise<T>): Promise<Known<T>> {
  try {
    return { is: await send() };
  } catch (error) {
    if (error instanceof ExternalError) throw error;
    const { name, message } = error as Error;
    if (REFUSALS.test(name)) return { isUnknown: `these credentials may not ${action}` };
    throw new ExternalError(`AWS did not answer ${action}: ${name}: ${message}`);
  }
}

/** The answer, or what stands for it where the thing that was asked about is not there. */
export async function orIfNone<T, N>(answer: Promise<T>, none: N): Promise<T | N> {
  try {
    return await answer;
  } catch (error) {
    if (/NotFound|^NoSuch/.test((error as Error).name)) return none;
    throw error;
  }
}
