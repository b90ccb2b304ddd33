import * as z from "zod";

/** Attribute of a claim after which DynamoDB may delete it. */
export const CLAIM_EXPIRY_ATTRIBUTE = "forgetAt";

/** Where the result objects lie in the bucket. */
export const RESULTS_PREFIX = "results/";

/** The fields of a result's line, with Athena's types. */
export const RESULT_COLUMNS = {
  id: "string",
  at: "string",
  outcome: "string",
  final: "boolean",
  attempt: "int",
  method: "string",
  host: "string",
  url: "string",
  status: "int",
  ms: "int",
  bytes: "bigint",
  redirects: "int",
  error: "string",
  body: "string",
} as const;

/** What the stack decides and the handler reads, as one JSON value: Lambda's environment holds 4 KB in all. */
export const SETTINGS_VARIABLE = "NOTIFIER_SETTINGS";

const settings = z.object({
  queueUrl: z.string(),
  /** DynamoDB table of claims. */
  tableName: z.string(),
  bucketName: z.string(),
  /** Key of the PEM bundle in the bucket that destinations may be signed by, beside the public authorities. */
  authoritiesKey: z.string().optional(),
  /** Calls in flight in one function, and of these to one host. */
  concurrency: z.number().int().positive(),
  perHost: z.number().int().positive(),
  requestTimeoutMs: z.number().int().positive(),
  connectTimeoutMs: z.number().int().positive(),
  /** Redirects that are followed for one call. */
  redirects: z.number().int().nonnegative(),
  /** What of a response is read; the connection is closed at the rest. */
  responseBytes: z.number().int().positive(),
  firstDelaySeconds: z.number().int().positive(),
  maxDelaySeconds: z.number().int().positive(),
  /** Failures of one host in a row after which it is left alone for a while. */
  breakerFailures: z.number().int().positive(),
  breakerSeconds: z.number().int().positive(),
  /** Host names, `*.example.com` for those below; undefined: any. */
  hosts: z.array(z.string()).optional(),
  ports: z.array(z.number().int()).min(1),
  enableHttp: z.boolean(),
  /** Prefixes beside the public Internet that a host's name may resolve to, by the name. */
  privateHosts: z.record(z.string(), z.array(z.string())),
  /** How long an id is known, so that it isn't sent again. */
  rememberSeconds: z.number().int().positive(),
  /** What of a response's body is put into the results. */
  keepResponseBytes: z.number().int().nonnegative(),
  /** Whether the results hold the URL's query, which may carry credentials. */
  keepQuery: z.boolean(),
});

export type NotifierSettings = z.infer<typeof settings>;

/** @throws Error if the environment is none that the stack wrote */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): NotifierSettings {
  return settings.parse(JSON.parse(environment[SETTINGS_VARIABLE] ?? ""));
}

export function renderSettings(value: NotifierSettings): Record<string, string> {
  return { [SETTINGS_VARIABLE]: JSON.stringify(value) };
}
