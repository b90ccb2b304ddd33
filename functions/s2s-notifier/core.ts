import type { Dispatcher } from "undici";
import type { Claim, ClaimAnswer } from "./claims";
import type { NotifierSettings } from "./env";
import { runFairly } from "./fair-schedule";
import type { HostHealth } from "./host-health";
import { describeError, MAX_VISIBILITY_SECONDS, outcomeOf, parseRetryAfter, retryDelaySeconds } from "./outcome";
import { type NotifyRecord, readRecord } from "./record";
import { type ResultLine, resultKey } from "./results";
import { sendRecord } from "./send";

/** A message of the queue, as far as it matters here. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** 1 for the first time. */
  readonly receiveCount: number;
}

/** A message that stays in the queue, out of sight for so long. */
export interface Returned {
  readonly message: QueueMessage;
  readonly delaySeconds: number;
}

export interface NotifierPorts {
  readonly claims: {
    readonly take: (ids: readonly string[], claim: Claim) => Promise<ReadonlyMap<string, ClaimAnswer>>;
    readonly release: (ids: readonly string[]) => Promise<void>;
  };
  readonly writeResults: (key: string, lines: readonly ResultLine[]) => Promise<void>;
  readonly hide: (returned: readonly Returned[]) => Promise<void>;
  readonly dispatcher: Dispatcher;
  readonly health: HostHealth;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Text that no other batch has. */
  readonly unique: () => string;
}

export interface BatchReport {
  /** Message ids that stay in the queue. */
  readonly failures: readonly string[];
  readonly counts: Readonly<Record<"delivered" | "rejected" | "expired" | "retry" | "deferred" | "duplicate", number>>;
  readonly object?: string;
}

/** What must be left when the last call ends: for the results, the claims and the queue. */
const RESERVE_MS = 5_000;

/** After the function's end, for clocks that differ and a request that is under way. */
const CLAIM_MARGIN_MS = 10_000;

/** Comes back soon: there was no time left for it. */
const SOON_SECONDS = 5;

/**
 * One batch: every message ends as final (its line in the batch's result object) or goes back to the queue.
 * @param deadlineMs when Lambda ends the function
 * @throws whatever DynamoDB or S3 fail with: the whole batch then comes back, and no id of it has lost its claim
 */
export async function processBatch(
  messages: readonly QueueMessage[],
  deadlineMs: number,
  settings: NotifierSettings,
  ports: NotifierPorts,
): Promise<BatchReport> {
  const startMs = ports.now();
  const jobs = toJobs(messages);
  const object = resultKey(startMs, ports.unique());
  const due = jobs.filter((job) => !isTooEarly(job, startMs, settings, ports));
  const answers = await ports.claims.take(
    due.map(({ id }) => id),
    {
      object,
      untilMs: deadlineMs + CLAIM_MARGIN_MS,
      forgetAtSeconds: Math.ceil(startMs / 1000) + settings.rememberSeconds,
    },
  );
  const mine = due.filter((job) => isMine(job, answers.get(job.id), startMs, ports));
  await sendAll(mine, deadlineMs - RESERVE_MS, settings, ports);

  const lines = mine.flatMap(({ line }) => (line ? [line] : []));
  // First the results: what is killed after them finds its final lines there, what is killed before them sends again.
  if (lines.length > 0) await ports.writeResults(object, lines);
  const returned = jobs.filter((job) => job.delaySeconds !== undefined);
  await ports.claims.release(returned.filter(({ isClaimed }) => isClaimed).map(({ id }) => id));
  const hidden = returned.flatMap((job) =>
    job.messages.map((message) => ({ message, delaySeconds: job.delaySeconds as number })),
  );
  await ports.hide(hidden);
  return {
    failures: hidden.map(({ message }) => message.messageId),
    counts: countJobs(jobs),
    ...(lines.length > 0 && { object }),
  };
}

/** A record with the messages that carry it: one, unless it was sent or delivered twice. */
interface Job {
  readonly id: string;
  readonly messages: QueueMessage[];
  readonly record?: NotifyRecord;
  readonly problem?: string;
  isClaimed: boolean;
  line?: ResultLine;
  /** Set where it goes back to the queue. */
  delaySeconds?: number;
}

function toJobs(messages: readonly QueueMessage[]): Job[] {
  const jobs = new Map<string, Job>();
  for (const message of messages) {
    const fallback = `message:${message.messageId}`;
    const read = readRecord(message.body, fallback);
    const id = "record" in read ? read.record.id : (read.id ?? fallback);
    const known = jobs.get(id);
    if (known) known.messages.push(message);
    else jobs.set(id, { id, messages: [message], ...read, isClaimed: false });
  }
  return [...jobs.values()];
}

function hostOf({ record }: Job): string {
  return record ? new URL(record.url).host : "";
}

/** What can't be called yet needs no claim. */
function isTooEarly(job: Job, nowMs: number, settings: NotifierSettings, { health, random }: NotifierPorts): boolean {
  const { record } = job;
  if (!record || isExpired(record, nowMs)) return false;
  const waitMs = Math.max((record.notBeforeMs ?? 0) - nowMs, 0);
  const pauseMs = health.pauseMs(hostOf(job));
  if (waitMs === 0 && pauseMs === 0) return false;
  const seconds = Math.max(waitMs / 1000, pauseMs > 0 ? postponeSeconds(job, pauseMs, settings, random()) : 0);
  job.delaySeconds = Math.min(Math.ceil(seconds), MAX_VISIBILITY_SECONDS);
  return true;
}

/**
 * When a record comes back whose host is left alone: the records of one host one after the other, and none sooner than if it
 * had been called. It costs a receive as a call does, so a partner that is down for hours must not use them up in minutes.
 */
function postponeSeconds(job: Job, pauseMs: number, settings: NotifierSettings, random: number): number {
  const spread = pauseMs / 1000 + random * settings.breakerSeconds;
  return Math.max(spread, retryDelaySeconds(attemptOf(job), 0, random, settings));
}

function isExpired({ expiresAtMs }: NotifyRecord, nowMs: number): boolean {
  return expiresAtMs !== undefined && expiresAtMs <= nowMs;
}

function isMine(job: Job, answer: ClaimAnswer | undefined, nowMs: number, { random }: NotifierPorts): boolean {
  if (answer?.kind === "mine") {
    job.isClaimed = true;
    return true;
  }
  if (answer?.kind !== "done") {
    const untilMs = answer?.untilMs ?? nowMs;
    job.delaySeconds = Math.max(1, Math.ceil((untilMs - nowMs) / 1000 + random() * SOON_SECONDS));
  }
  return false;
}

async function sendAll(
  jobs: readonly Job[],
  endMs: number,
  settings: NotifierSettings,
  ports: NotifierPorts,
): Promise<void> {
  const { now, health } = ports;
  const callable: Job[] = [];
  for (const job of jobs) {
    if (job.problem !== undefined) job.line = finalLine(job, "rejected", now(), `invalid: ${job.problem}`);
    else if (job.record && isExpired(job.record, now())) job.line = finalLine(job, "expired", now());
    else callable.push(job);
  }
  const refused = await runFairly({
    items: callable,
    hostOf,
    concurrency: settings.concurrency,
    // A call that is begun must be able to end in time.
    room: (host) => (now() + settings.requestTimeoutMs > endMs ? 0 : health.room(host, settings.perHost)),
    run: (job) => sendOne(job, settings, ports),
  });
  for (const job of refused) {
    const pauseMs = health.pauseMs(hostOf(job));
    const seconds =
      pauseMs > 0 ? postponeSeconds(job, pauseMs, settings, ports.random()) : ports.random() * SOON_SECONDS;
    job.delaySeconds = Math.min(Math.ceil(seconds), MAX_VISIBILITY_SECONDS);
  }
}

async function sendOne(
  job: Job,
  settings: NotifierSettings,
  { dispatcher, health, now, random }: NotifierPorts,
): Promise<void> {
  const record = job.record as NotifyRecord;
  const exchange = await sendRecord(dispatcher, record, settings);
  const outcome = outcomeOf(exchange);
  const nowMs = now();
  const retryAfter = parseRetryAfter(exchange.retryAfter, nowMs);
  if (outcome === "retry") {
    health.failed(hostOf(job), Math.min(retryAfter, settings.maxDelaySeconds));
    job.delaySeconds = retryDelaySeconds(attemptOf(job), retryAfter, random(), settings);
  } else if (!exchange.error) health.succeeded(hostOf(job));
  const url = new URL(record.url);
  job.line = {
    id: job.id,
    at: new Date(nowMs).toISOString(),
    outcome,
    final: outcome !== "retry",
    attempt: attemptOf(job),
    method: record.method,
    host: url.host,
    url: settings.keepQuery ? record.url : `${url.origin}${url.pathname}`,
    ...(exchange.status !== undefined && { status: exchange.status }),
    ms: exchange.durationMs,
    bytes: exchange.bytes,
    ...(exchange.redirects > 0 && { redirects: exchange.redirects }),
    ...(exchange.error && { error: describeError(exchange.error) }),
    ...(exchange.body && { body: exchange.body.toString("base64") }),
  };
}

function finalLine(job: Job, outcome: "rejected" | "expired", nowMs: number, error?: string): ResultLine {
  return {
    id: job.id,
    at: new Date(nowMs).toISOString(),
    outcome,
    final: true,
    attempt: attemptOf(job),
    ...(job.record && { method: job.record.method, host: hostOf(job) }),
    ...(error !== undefined && { error }),
  };
}

const attemptOf = ({ messages }: Job): number => Math.max(...messages.map(({ receiveCount }) => receiveCount));

function countJobs(jobs: readonly Job[]): BatchReport["counts"] {
  const counts = { delivered: 0, rejected: 0, expired: 0, retry: 0, deferred: 0, duplicate: 0 };
  for (const { line, delaySeconds } of jobs)
    counts[line?.outcome ?? (delaySeconds === undefined ? "duplicate" : "deferred")]++;
  return counts;
}
