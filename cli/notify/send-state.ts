import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { ConfigError, ExternalError } from "../../config/problems";
import { type Position, START } from "./split-lines";

/** What lies beside a file of records while and after it is sent, so that the next run goes on where this one ended. */
const state = z.strictObject({
  queueUrl: z.string(),
  /** How far all records are in the queue. */
  lines: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  /** SHA-256 of what stands before that place, for a file that was replaced. */
  before: z.string(),
});

const TAIL_BYTES = 65_536;

/** @throws ConfigError where the file is not the one that was sent, or went to another queue */
export function readSendState(path: string, source: string, queueUrl: string): Position {
  const saved = parse(path);
  if (saved === undefined) return START;
  const refuse = (rule: string) =>
    new ConfigError(source, [{ path: [], rule, fix: "use --restart to send it from its first line" }]);
  if (saved === "broken") throw refuse("has beside it a note of what was sent that can't be read");
  if (saved.queueUrl !== queueUrl) throw refuse("was sent to another queue before");
  if (hashBefore(source, saved.bytes) !== saved.before) throw refuse("is not the file that was sent before");
  return { number: saved.lines, end: saved.bytes };
}

/**
 * Writes it whole or not at all.
 * @throws ExternalError
 */
export function writeSendState(path: string, source: string, queueUrl: string, { number, end }: Position): void {
  const text = JSON.stringify({ queueUrl, lines: number, bytes: end, before: hashBefore(source, end) });
  try {
    writeFileSync(`${path}.new`, `${text}\n`);
    renameSync(`${path}.new`, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ExternalError(`can't note in ${JSON.stringify(path)} what was sent: ${code}`);
  }
}

export function removeSendState(path: string): void {
  rmSync(path, { force: true });
}

type SendState = z.infer<typeof state>;

function parse(path: string): SendState | "broken" | undefined {
  try {
    return state.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "broken";
  }
}

function hashBefore(source: string, end: number): string {
  const start = Math.max(0, end - TAIL_BYTES);
  const buffer = Buffer.alloc(end - start);
  const file = openSync(source, "r");
  try {
    let length = 0;
    while (length < buffer.length) {
      const got = readSync(file, buffer, length, buffer.length - length, start + length);
      if (got === 0) break;
      length += got;
    }
    return createHash("sha256").update(buffer.subarray(0, length)).digest("hex");
  } finally {
    closeSync(file);
  }
}
