import { createHash } from "node:crypto";
import { readRecord } from "../../functions/s2s-notifier/record";
import { MOST_BYTES, type SourceLine } from "./split-lines";

export type LineMessage =
  | { readonly body: string }
  | { readonly problem: string }
  /** Nothing stands in the line. */
  | { readonly isBlank: true };

/** Characters of JSON that SQS refuses. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const REFUSED = /[\ufffe\uffff]/g;

/**
 * The message that carries a line's record. A plain line gets an id from its text and its place, so that a file that is sent
 * again calls nobody twice.
 */
export function toMessage({ number, text, problem }: SourceLine): LineMessage {
  if (text === undefined) return { problem: problem ?? "must be text" };
  const trimmed = text.trim();
  if (trimmed === "") return { isBlank: true };
  const id = `line:${createHash("sha256").update(trimmed).digest("hex").slice(0, 32)}:${number}`;
  const read = readRecord(trimmed, id);
  if ("problem" in read) return { problem: read.problem };
  const isJson = trimmed.startsWith("{");
  const body = isJson
    ? trimmed.replace(REFUSED, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    : JSON.stringify({ id, url: read.record.url });
  return Buffer.byteLength(body) > MOST_BYTES ? { problem: `must be at most ${MOST_BYTES} bytes` } : { body };
}
