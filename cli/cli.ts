import { join } from "node:path";
import { run } from "./run";

const hasColor = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";

run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  root: join(__dirname, ".."),
  hasColor,
  now: () => new Date(),
}).then((code) => {
  process.exitCode = code;
});
