import type { NotifierSettings } from "../../../functions/s2s-notifier/env";

/** Settings that let a test call servers on loopback, by their address. */
export const SETTINGS: NotifierSettings = {
  queueUrl: "http://127.0.0.1/queue",
  tableName: "claims",
  bucketName: "results",
  concurrency: 20,
  perHost: 5,
  requestTimeoutMs: 30_000,
  connectTimeoutMs: 30_000,
  redirects: 3,
  responseBytes: 65_536,
  firstDelaySeconds: 10,
  maxDelaySeconds: 3_600,
  breakerFailures: 5,
  breakerSeconds: 30,
  ports: Array.from({ length: 65_535 }, (_, at) => at + 1),
  enableHttp: true,
  privateHosts: { "127.0.0.1": ["127.0.0.0/8"] },
  rememberSeconds: 86_400,
  keepResponseBytes: 0,
  keepQuery: false,
};
