import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSendState, removeSendState, writeSendState } from "../../../cli/notify/send-state";
import { ExternalError } from "../../../config/problems";
import { useFolder } from "../../helpers/use-folder";

const folder = useFolder();
const QUEUE = "https://sqs.example.com/1/q";
const TEXT = "a\nb\nc\n";
const files = () => ({ note: join(folder(), ".records.sent-to-q.json"), source: join(folder(), "records") });

function prepare(end = 4) {
  const { note, source } = files();
  writeFileSync(source, TEXT);
  writeSendState(note, source, QUEUE, { number: 2, end });
  return { note, source };
}

/** The message of what a reading throws. */
function refusal(note: string, source: string, queue = QUEUE): string {
  try {
    readSendState(note, source, queue);
    return "";
  } catch (error) {
    return (error as Error).message.replaceAll(source, "records");
  }
}

test("the next run goes on where the last one ended, in a file that has grown too", () => {
  const { note, source } = prepare();
  appendFileSync(source, "d\n");
  expect(readSendState(note, source, QUEUE)).toEqual({ number: 2, end: 4 });
});

test("nothing was sent where there is no note", () => {
  const { note, source } = prepare();
  removeSendState(note);
  expect(readSendState(note, source, QUEUE)).toEqual({ number: 0, end: 0 });
});

const FIX = "use --restart to send it from its first line";

test.each([
  ["another file in its place", "x\ny\nc\n", "is not the file that was sent before"],
  ["a file that was cut", "a\n", "is not the file that was sent before"],
])("refuses %s", (_, text, rule) => {
  const { note, source } = prepare();
  writeFileSync(source, text);
  expect(refusal(note, source)).toBe(`records: 1 problem\n  ${rule}; ${FIX}`);
});

test("refuses to go on in another queue", () => {
  const { note, source } = prepare();
  expect(refusal(note, source, `${QUEUE}2`)).toBe(`records: 1 problem\n  was sent to another queue before; ${FIX}`);
});

test.each(["", "{}", '{"queueUrl":"x","lines":-1,"bytes":0,"before":""}'])(
  "refuses a note that is broken: %j",
  (text) => {
    const { note, source } = prepare();
    writeFileSync(note, text);
    expect(refusal(note, source)).toBe(
      `records: 1 problem\n  has beside it a note of what was sent that can't be read; ${FIX}`,
    );
  },
);

test("says where it can't write", () => {
  const { source } = prepare();
  const note = join(folder(), "a-folder");
  mkdirSync(note);
  expect(() => writeSendState(note, source, QUEUE, { number: 1, end: 2 })).toThrow(
    new ExternalError(`can't note in ${JSON.stringify(note)} what was sent: EISDIR`),
  );
});
