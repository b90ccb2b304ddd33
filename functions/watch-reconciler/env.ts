import { watchSpec } from "../common/watch/watch-spec";

/** The function's environment: written by the stack, read by the handler. */
export const WATCH_ENVIRONMENT = { spec: "WATCH", queueUrl: "QUEUE_URL" } as const;

/** @throws ZodError or SyntaxError where the stack did not write it */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>) {
  const queueUrl = environment[WATCH_ENVIRONMENT.queueUrl];
  if (!queueUrl) throw new Error(`${WATCH_ENVIRONMENT.queueUrl} is not set`);
  return { spec: watchSpec.parse(JSON.parse(environment[WATCH_ENVIRONMENT.spec] ?? "{}")), queueUrl };
}
