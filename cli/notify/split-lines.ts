/** One line of a file of records. */
export interface SourceLine {
  /** 1 for the first. */
  readonly number: number;
  /** Bytes of the file up to here, its line break included. */
  readonly end: number;
  /** Without its line break. Undefined where it can't be read. */
  readonly text?: string;
  readonly problem?: string;
}

/** How far a file was read. */
export type Position = Pick<SourceLine, "number" | "end">;

export const START: Position = { number: 0, end: 0 };

/**
 * What one message of a queue may hold, in bytes, and a batch of them too: Terraform makes queues with this limit.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MOST_BYTES = 262_144;

const LINE_FEED = 0x0a;

/** Splits bytes into lines; of a line that is too long nothing is kept, so that memory does not depend on the file. */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  { number, end }: Position,
): AsyncGenerator<SourceLine> {
  const line = { number, end, parts: [] as Uint8Array[], bytes: 0 };
  const add = (part: Uint8Array) => {
    line.bytes += part.length;
    line.end += part.length;
    if (line.bytes <= MOST_BYTES) line.parts.push(part);
    else line.parts.length = 0;
  };
  const finish = (): SourceLine => {
    const read = line.bytes > MOST_BYTES ? { problem: `must be at most ${MOST_BYTES} bytes` } : decode(line.parts);
    line.number++;
    line.parts.length = 0;
    line.bytes = 0;
    return { number: line.number, end: line.end, ...read };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, at));
      line.end++;
      from = at + 1;
      yield finish();
    }
    add(chunk.subarray(from));
  }
  if (line.bytes > 0) yield finish();
}

function decode(parts: readonly Uint8Array[]): Pick<SourceLine, "text" | "problem"> {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts)) };
  } catch {
    return { problem: "must be UTF-8" };
  }
}
