import { createReadStream, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Notifier, notifierName } from "../../config/notifier";
import { ConfigError, ExternalError, type Problem } from "../../config/problems";
import type { Io } from "../io";
import { Pace } from "../notify/pace";
import { openProgress } from "../notify/progress";
import { readSendState, removeSendState, writeSendState } from "../notify/send-state";
import { type Position, START, splitLines } from "../notify/split-lines";
import { toMessage } from "../notify/to-message";
import { findQueue } from "./find-queue";
import { type Outgoing, sendRecords } from "./send-records";

export interface NotifySend {
  readonly site: string;
  readonly notifier: Notifier;
  /** Path of a file of records, or `-` for standard input. */
  readonly source: string;
  readonly ratePerSecond?: number;
  /** Begin at the first line, whatever was sent before. */
  readonly isRestart: boolean;
}

export interface NotifySent {
  readonly queue: string;
  /** Put into the queue by this run. */
  readonly sent: number;
  /** Lines that an earlier run has sent. */
  readonly before: number;
}

/** So many problems are told; the rest is counted. */
const MOST_PROBLEMS = 20;
/** The note of what was sent is written so often at most: a run that dies sends that much again, for nothing. */
const NOTE_EVERY_MS = 1_000;

/** @throws ConfigError, ExternalError */
export async function notifySend(io: Io, { site, notifier, source, ...rest }: NotifySend): Promise<NotifySent> {
  const queue = notifierName(site, notifier.key);
  const sqs = new SQSClient({ region: notifier.region, maxAttempts: 8 });
  const pace = new Pace(rest.ratePerSecond);
  if (source === "-") return sendStream(io, sqs, notifier.region, queue, pace);
  const size = sizeOf(source);
  const queueUrl = await findQueue(sqs, queue, notifier.region);
  const note = join(dirname(source), `.${basename(source)}.sent-to-${queue}.json`);
  if (rest.isRestart) removeSendState(note);
  const from = readSendState(note, source, queueUrl);
  // Nothing leaves while a line of the file is wrong.
  refuse(source, await problemsOf(lines(source, from, size)));
  const progress = openProgress(io.terminal, size, from.end);
  const done = { sent: 0, upTo: from, notedMs: 0 };
  const write = () => writeSendState(note, source, queueUrl, done.upTo);
  try {
    await sendRecords({
      sqs,
      queueUrl,
      pace,
      records: toOutgoing(lines(source, from, size), () => {}),
      onSent: (count, upTo) => {
        done.sent += count;
        if (upTo.end > done.upTo.end) done.upTo = upTo;
        progress.update(done.upTo.end, done.sent);
        if (Date.now() - done.notedMs < NOTE_EVERY_MS) return;
        done.notedMs = Date.now();
        write();
      },
    });
  } finally {
    progress.stop();
    if (done.sent > 0) write();
  }
  return { queue, sent: done.sent, before: from.number };
}

/** What comes by a pipe can be read once: lines that are wrong are left out, and told when all others are sent. */
async function sendStream(io: Io, sqs: SQSClient, region: string, queue: string, pace: Pace): Promise<NotifySent> {
  if (!io.stdin) throw new ExternalError("standard input can't be read");
  const queueUrl = await findQueue(sqs, queue, region);
  const problems: Problems = { first: [], count: 0 };
  const done = { sent: 0 };
  await sendRecords({
    sqs,
    queueUrl,
    pace,
    records: toOutgoing(splitLines(io.stdin, START), (line, problem) => note(problems, line, problem)),
    onSent: (count) => {
      done.sent += count;
    },
  });
  refuse("standard input", problems, `mend the line and send it alone: the other ${done.sent} records are sent`);
  return { queue, sent: done.sent, before: 0 };
}

type Lines = ReturnType<typeof splitLines>;

function lines(source: string, from: Position, size: number): Lines {
  // A file that grows is read up to where it ended at first.
  return splitLines(bytesOf(source, from.end, size), from);
}

async function* bytesOf(source: string, start: number, size: number): AsyncGenerator<Uint8Array> {
  if (start >= size) return;
  try {
    yield* createReadStream(source, { start, end: size - 1 });
  } catch (error) {
    throw new ExternalError(`can't read ${JSON.stringify(source)}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

async function* toOutgoing(all: Lines, onProblem: (line: number, problem: string) => void): AsyncGenerator<Outgoing> {
  for await (const line of all) {
    const message = toMessage(line);
    if ("problem" in message) onProblem(line.number, message.problem);
    yield { number: line.number, end: line.end, ...("body" in message && { body: message.body }) };
  }
}

interface Problems {
  readonly first: Problem[];
  count: number;
}

function note(problems: Problems, line: number, rule: string): void {
  problems.count++;
  if (problems.first.length < MOST_PROBLEMS) problems.first.push({ path: [], rule, fix: "mend the line", line });
}

async function problemsOf(all: Lines): Promise<Problems> {
  const problems: Problems = { first: [], count: 0 };
  for await (const _ of toOutgoing(all, (line, problem) => note(problems, line, problem)));
  return problems;
}

/** @throws ConfigError */
function refuse(source: string, { first, count }: Problems, fix = "mend the line"): void {
  if (count === 0) return;
  const more = count - first.length;
  throw new ConfigError(source, [
    ...first.map((problem) => ({ ...problem, fix })),
    ...(more > 0 ? [{ path: [], rule: `${more} more lines are wrong`, fix }] : []),
  ]);
}

/** @throws ExternalError */
function sizeOf(source: string): number {
  const stat = statSync(source, { throwIfNoEntry: false });
  if (!stat?.isFile())
    throw new ExternalError(`can't read ${JSON.stringify(source)}: ${stat ? "it is no file" : "it does not exist"}`);
  return stat.size;
}
