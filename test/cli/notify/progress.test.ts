import { PassThrough } from "node:stream";
import { openProgress } from "../../../cli/notify/progress";

test("draws a bar on a terminal, from where it begins", () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 200 });
  const progress = openProgress(terminal as unknown as NodeJS.WriteStream, 200, 50);
  progress.update(200, 42);
  progress.stop();
  const drawn = String(terminal.read());
  expect(drawn).toContain(`${"#".repeat(10)}${".".repeat(30)} 25 %  0 records`);
  expect(drawn).toContain(`${"#".repeat(40)} 100 %  42 records`);
});

test("draws nothing where there is no terminal", () => {
  const progress = openProgress(undefined, 200, 0);
  expect([progress.update(1, 1), progress.stop()]).toEqual([undefined, undefined]);
});
